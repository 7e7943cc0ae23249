import { defineTask, formatTrackingId, type Feedback, type Prediction, type TrackingId } from '@groundtrace/core'

/** Forty answered mails, as tests of the flywheel over a register use them. */

export const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 3600 })
export const HOUR = 3_600_000

const idOf = (n: number, span: number) =>
  formatTrackingId({ traceId: n.toString(16).padStart(32, '0'), spanId: span.toString(16).padStart(16, '0') })
export const prediction = (n: number) => idOf(n, 1)
export const feedback = (n: number, nth = 1) => idOf(n, 1 + nth)
export const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** Mail number `n`, read at minute `n`, taken for spam; two mails a thread. */
export const mail = (n: number): Prediction => ({
  id: prediction(n),
  task: SPAM,
  model: { name: 'filter', version: '1' },
  time: n * 60_000,
  value: 'spam',
  features: { words: [n], thread: Math.ceil(n / 2) },
})
/** A recipient's word on mail number `n`: even ones are spam. */
export const said = (n: number, fields: Partial<Feedback> = {}): Feedback =>
  ({
    id: feedback(n),
    kind: 'rating',
    right: n % 2 === 0,
    source: 'recipient',
    target: { prediction: prediction(n) },
    time: n * 60_000 + 1000,
    ...fields,
  }) as Feedback

export const idsOf = (examples: readonly { readonly prediction: TrackingId }[]) => examples.map((one) => one.prediction)

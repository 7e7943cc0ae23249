import { defineTask, formatTrackingId, type Feedback, type Prediction } from '@groundtrace/core'
import { seeded } from '../../../packages/register/src/testing/random-world.ts'

export const TASK = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })

const MODEL = { name: 'filter', version: '1' }
const START = 1_700_000_000_000

/** Whole numbers of 32 bits, for IDs that fall anywhere in an index: the same for ours and the floor. */
function random(seed: number): () => number {
  const next = seeded(seed)
  return () => next() * 2 ** 32
}

const hex = (next: () => number, words: number): string =>
  Array.from({ length: words }, () => next().toString(16).padStart(8, '0')).join('')

/** The prediction of a number: always the same one. About 150 bytes in the ledger, without features. */
export function predictionOf(number: number): Prediction {
  const next = random(number)
  const score = next() / 2 ** 32
  return {
    id: formatTrackingId({ traceId: hex(next, 4), spanId: hex(next, 2) }),
    task: TASK,
    model: MODEL,
    time: START + number,
    value: score < 0.5 ? 'ham' : 'spam',
    scores: { ham: 1 - score, spam: score },
    latencySeconds: score / 100,
  }
}

/** A rating of that prediction. */
export function ratingOf(number: number): Feedback {
  const next = random(number + 0x7000_0000)
  return {
    id: formatTrackingId({ traceId: hex(next, 4), spanId: hex(next, 2) }),
    target: { prediction: predictionOf(number).id },
    time: START + number + 60_000,
    source: 'recipient',
    kind: 'rating',
    right: next() % 10 > 0,
  }
}

export const predictions = (from: number, to: number): readonly Prediction[] =>
  Array.from({ length: to - from }, (_, at) => predictionOf(from + at))

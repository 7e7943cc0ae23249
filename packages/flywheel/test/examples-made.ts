import {
  defineTask,
  exampleFrom,
  formatTrackingId,
  type Outcome,
  type Prediction,
  type TrackingId,
  type TrainingExample,
} from '@groundtrace/core'

/** The mail task that the tests speak of. */
export const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })

/** Tracking ID number `n`, from 1. */
export function idOf(n: number, kind: 'prediction' | 'feedback' = 'prediction'): TrackingId {
  const spanId = `${kind === 'feedback' ? 'f' : '0'}${'0'.repeat(14)}1`
  return formatTrackingId({ traceId: n.toString(16).padStart(32, '0'), spanId })
}

/** Prediction number `n`, made at minute `n`. */
export function predictionOf(n: number, fields: Partial<Prediction> = {}): Prediction {
  return {
    id: idOf(n),
    task: SPAM,
    model: { name: 'filter', version: '1' },
    time: n * 60_000,
    value: 'spam',
    features: { words: [n] },
    ...fields,
  }
}

/** The outcome of prediction number `n`, settled as spam by its one feedback. */
export function outcomeOf(n: number, fields: Partial<Outcome> = {}): Outcome {
  return {
    prediction: idOf(n),
    version: 1,
    state: 'settled',
    label: 'spam',
    correct: true,
    authority: 'rating',
    phase: 'early',
    evidence: [idOf(n, 'feedback')],
    time: n * 60_000 + 1000,
    ...fields,
  }
}

/** The example that prediction number `n` and its outcome make. */
export function exampleOf(n: number, fields: Partial<TrainingExample> = {}): TrainingExample {
  return { ...(exampleFrom(predictionOf(n), outcomeOf(n)) as TrainingExample), ...fields }
}

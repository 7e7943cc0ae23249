import {
  defineTask,
  formatTrackingId,
  type Answer,
  type Feedback,
  type Prediction,
  type Task,
  type TaskKind,
  type TrackingId,
  type Value,
} from '@groundtrace/core'

/** The n-th tracking ID of the tests. */
export const id = (n: number): TrackingId =>
  formatTrackingId({ traceId: 'f'.repeat(32), spanId: n.toString(16).padStart(16, '0') })

/** When the prediction of the tests was made. */
export const MADE = Date.UTC(2026, 0, 1)
export const DAY = 24 * 3600 * 1000

/** One task of every kind. */
export const TASKS: Readonly<Record<TaskKind, Task>> = {
  binary: defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] }),
  multiclass: defineTask({ name: 'folder', kind: 'multiclass', classes: ['bills', 'friends', 'work'] }),
  regression: defineTask({ name: 'minutes', kind: 'regression', tolerance: 2 }),
  ranking: defineTask({ name: 'search', kind: 'ranking' }),
  generation: defineTask({ name: 'reply', kind: 'generation' }),
}

/** A task that silence settles, that can hide its truth, and whose corrector gains. */
export const CARD = defineTask({
  name: 'card',
  kind: 'binary',
  classes: ['honest', 'fraud'],
  silence: 'honest',
  unobservableActions: ['block'],
  gainfulSources: ['cardholder'],
})

/** What the model said, by kind. */
export const PREDICTED: Readonly<Record<TaskKind, Value>> = {
  binary: 'spam',
  multiclass: 'work',
  regression: 10,
  ranking: ['a', 'b', 'c'],
  generation: 'Dear all',
}

/** A prediction of a task of this kind, with the fields that a test is about. */
export function predictionOf(kind: TaskKind, fields: Partial<Prediction> = {}): Prediction {
  return {
    id: id(1),
    task: TASKS[kind],
    model: { name: 'filter', version: 'v1' },
    time: MADE,
    value: PREDICTED[kind],
    ...fields,
  }
}

/** A feedback on the prediction of the tests: the n-th, said n minutes after it. */
export function said(n: number, answer: Answer, fields: Partial<Omit<Feedback, 'kind'>> = {}): Feedback {
  const common = { id: id(n), target: { prediction: id(1) }, time: MADE + n * 60_000, source: 'recipient' }
  return { ...common, ...answer, ...fields }
}

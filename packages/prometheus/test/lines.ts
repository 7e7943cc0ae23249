import {
  defineTask,
  formatTrackingId,
  type Feedback,
  type JoinedOutcome,
  type LedgerLines,
  type LineageEvent,
  type LineageLine,
  type Outcome,
  type Prediction,
  type TrackingId,
} from '@groundtrace/core'

export const SPAM = defineTask({
  name: 'spam',
  kind: 'binary',
  classes: ['ham', 'spam'],
  unobservableActions: ['block'],
})
export const TOPIC = defineTask({ name: 'topic', kind: 'multiclass', classes: ['art', 'law', 'sport'] })
export const PRICE = defineTask({ name: 'price', kind: 'regression', tolerance: 1 })

/** A different tracking ID for every number from 1. */
export function id(number: number): TrackingId {
  return formatTrackingId({
    traceId: number.toString(16).padStart(32, '0'),
    spanId: number.toString(16).padStart(16, '0'),
  })
}

/** A prediction of ham by filter v1 at time 0, but for what is given. */
export function prediction(given: Partial<Prediction> = {}): Prediction {
  return { id: id(1), task: SPAM, model: { name: 'filter', version: 'v1' }, time: 0, value: 'ham', ...given }
}

/** A joined rating, but for what is given. */
export function joined(
  feedback: Partial<Feedback> = {},
  about: Prediction = prediction(),
  status: 'stored' | 'held' = 'stored',
): LedgerLines['feedback'] {
  const given = {
    id: id(900),
    target: { prediction: about.id },
    time: 0,
    source: 'recipient',
    kind: 'rating',
    right: true,
    ...feedback,
  }
  return { feedback: given as Feedback, prediction: about, status }
}

/** An outcome at the horizon, settled as right by the prediction's own value, but for what is given. */
export function closed(about: Prediction = prediction(), outcome: Partial<Outcome> = {}): JoinedOutcome {
  const settled = { state: 'settled', label: about.value, correct: true, authority: 'rating' }
  const verdict = outcome.state === undefined || outcome.state === 'settled' ? settled : {}
  const place = { prediction: about.id, version: 1, phase: 'horizon', evidence: [], time: 0 }
  return { outcome: { ...place, ...verdict, ...outcome } as Outcome, prediction: about }
}

export function lineage(event: LineageEvent, time = 0): LineageLine {
  return { ...event, id: JSON.stringify(event).slice(0, 128), time }
}

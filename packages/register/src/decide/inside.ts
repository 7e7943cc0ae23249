import { callOf, sharesTruth, type Prediction, type TrackingId } from '@groundtrace/core'

/** Predictions inside of another that are looked at: a flood of them must not make its whole expensive to read. */
export const MOST_INSIDE = 100

/** What the predictions inside of another call it: by its own ID, or by that of the call whose row it is. */
export function namesOf(id: TrackingId): readonly TrackingId[] {
  const call = callOf(id)
  return call === id ? [id] : [id, call]
}

/** In order of time, at most so many. */
export function inOrder(predictions: readonly Prediction[]): readonly Prediction[] {
  return predictions.toSorted((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1)).slice(0, MOST_INSIDE)
}

/** Those of the predictions that name a whole that are about the same case. */
export function sharing(whole: Prediction, naming: readonly Prediction[]): readonly Prediction[] {
  return inOrder(naming.filter((member) => sharesTruth(whole, member)))
}

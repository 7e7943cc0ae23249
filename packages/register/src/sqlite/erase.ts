import type { TrackingId } from '@groundtrace/core'
import type { Store } from './store.ts'

/** Empties the payload rows of predictions and of all feedback on them. @returns how many were not empty before */
export type Erase = (predictions: readonly TrackingId[]) => number

/** A row stays where a payload was: without it, a line that is sent again would be a line with new content. */
export function erasing(store: Store, position: (id: TrackingId) => number | undefined): Erase {
  const ofPrediction = store.prepare(
    `UPDATE prediction_payloads SET user_json = NULL, features_json = NULL
     WHERE position = ? AND (user_json IS NOT NULL OR features_json IS NOT NULL)`,
  )
  const ofFeedback = store.prepare(
    `UPDATE feedback_payloads SET user_json = NULL, words_json = NULL
     WHERE (user_json IS NOT NULL OR words_json IS NOT NULL) AND id IN (
       SELECT payload FROM feedback WHERE prediction = ? AND payload IS NOT NULL
       UNION SELECT payload FROM pen WHERE prediction = ? AND payload IS NOT NULL)`,
  )
  return (predictions) =>
    predictions
      .map((id) => {
        const at = position(id) ?? null
        return Number(ofPrediction.run(at).changes) + Number(ofFeedback.run(at, id).changes)
      })
      .reduce((total, changes) => total + changes, 0)
}

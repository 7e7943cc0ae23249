import type { TrackingId } from '@groundtrace/core'
import type { Store } from './store.ts'

/** Empties the payload rows of predictions and of all feedback on them. @returns how many were not empty before */
export type Erase = (predictions: readonly TrackingId[]) => number

/** A row stays where a payload was: without it, a line that is sent again would be a line with new content. */
export function erasing(store: Store): Erase {
  const position = '(SELECT position FROM predictions WHERE id = ?1)'
  const statements = [
    `UPDATE prediction_payloads SET body_json = NULL WHERE position = ${position} AND body_json IS NOT NULL`,
    `UPDATE feedback_payloads SET body_json = NULL WHERE body_json IS NOT NULL AND id IN (
       SELECT payload FROM feedback WHERE prediction = ${position} AND payload IS NOT NULL
       UNION SELECT payload FROM pen WHERE prediction = ?1 AND payload IS NOT NULL)`,
  ].map((sql) => store.prepare(sql))
  return (predictions) =>
    predictions
      .flatMap((id) => statements.map((statement) => Number(statement.run(id).changes)))
      .reduce((total, changes) => total + changes, 0)
}

import type { TrackingId } from '@groundtrace/core'
import type { Database, Statement } from './database.ts'

/** Removes the payload rows of predictions and of all feedback on them. @returns how many went */
export type Erase = (predictions: readonly TrackingId[]) => Promise<number>

/** That there was a payload is kept in its line: without it, a line that is sent again would be a line with new content. */
export function erasing(database: Database): Erase {
  const { schema: s } = database
  const statement: Statement = {
    name: 'erase',
    sql: `WITH meant AS (SELECT position, recorded FROM ${s}.predictions WHERE id = ANY($1::text[])),
        of_predictions AS (
          DELETE FROM ${s}.prediction_payloads body USING meant
          WHERE body.prediction = meant.position AND body.recorded = meant.recorded RETURNING 1
        ),
        of_feedback AS (
          DELETE FROM ${s}.feedback_payloads WHERE feedback IN (
            SELECT arrival FROM ${s}.feedback WHERE prediction IN (SELECT position FROM meant)
            UNION SELECT arrival FROM ${s}.feedback WHERE position IS NULL AND waits_for = ANY($1::text[])
          ) RETURNING 1
        )
      SELECT (SELECT count(*) FROM of_predictions) + (SELECT count(*) FROM of_feedback) AS erased`,
  }
  return async (predictions) =>
    await database.write(async (connection) => {
      const [row] = await connection.rows<{ readonly erased: number }>(statement, [predictions])
      return row?.erased ?? 0
    })
}

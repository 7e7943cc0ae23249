import type { TrackingId } from '@groundtrace/core'
import type { Erased } from '../checked-register.ts'
import { jsonOf } from '../json-column.ts'
import type { Connection, Database, Statement } from './database.ts'
import { LOCKS } from './schema.ts'
import { addingTallies } from './write.ts'

export interface Erasing {
  /** Removes the payload rows of predictions and of all feedback on them. @returns how many went */
  predictions(predictions: readonly TrackingId[]): Promise<number>
  /** Removes some of the payload rows of a person. */
  user(user: string): Promise<Erased>
}

/** Payload rows of a person in one transaction: so many of each kind. */
const STEP = 500

/** That there was a payload is kept in its line: without it, a line that is sent again would be a line with new content. */
export function erasing(database: Database): Erasing {
  const { schema: s, lockClass } = database
  const addTallies = addingTallies(database)
  const ofPredictions: Statement = {
    name: 'erase',
    sql: `WITH meant AS (SELECT position, id, recorded FROM ${s}.predictions WHERE id = ANY($1::text[])),
        of_predictions AS (
          DELETE FROM ${s}.prediction_payloads body USING meant
          WHERE body.prediction = meant.position AND body.recorded = meant.recorded RETURNING meant.id
        ),
        of_feedback AS (
          DELETE FROM ${s}.feedback_payloads body USING ${s}.feedback f
          WHERE body.feedback = f.arrival AND (
            f.prediction IN (SELECT position FROM meant) OR f.position IS NULL AND f.waits_for = ANY($1::text[])
          ) RETURNING f.waits_for AS named, f.prediction
        ),
        lost AS (
          UPDATE ${s}.members SET lost = 'erased' WHERE lost IS NULL AND prediction IN (
            SELECT id FROM of_predictions UNION SELECT named FROM of_feedback
            UNION SELECT id FROM meant WHERE position IN (SELECT prediction FROM of_feedback)
          )
        )
      SELECT (SELECT count(*) FROM of_predictions) + (SELECT count(*) FROM of_feedback) AS payloads`,
  }
  const ofUser: Statement = {
    name: 'erase-user-predictions',
    sql: `WITH theirs AS (
          SELECT prediction, recorded FROM ${s}.prediction_payloads WHERE user_json = $1 LIMIT ${STEP}
        ),
        gone AS (
          DELETE FROM ${s}.prediction_payloads body USING theirs
          WHERE body.prediction = theirs.prediction AND body.recorded = theirs.recorded RETURNING body.prediction
        ),
        lost AS (
          UPDATE ${s}.members SET lost = 'erased' WHERE lost IS NULL AND prediction IN (
            SELECT id FROM ${s}.predictions WHERE position IN (SELECT prediction FROM gone)
          )
        )
      SELECT count(*) AS payloads FROM gone`,
  }
  const byUser: Statement = {
    name: 'erase-user-feedback',
    sql: `WITH theirs AS (SELECT feedback FROM ${s}.feedback_payloads WHERE user_json = $1 LIMIT ${STEP}),
        gone AS (
          DELETE FROM ${s}.feedback_payloads body USING theirs WHERE body.feedback = theirs.feedback
          RETURNING body.feedback
        ),
        said AS (
          SELECT f.id, coalesce(p.id, f.waits_for) AS about FROM ${s}.feedback f
          LEFT JOIN ${s}.predictions p ON p.position = f.prediction WHERE f.arrival IN (SELECT feedback FROM gone)
        ),
        lost AS (
          UPDATE ${s}.members m SET lost = 'erased' FROM said
          WHERE m.lost IS NULL AND m.prediction = said.about AND strpos(m.feedback_json, to_json(said.id)::text) > 0
        )
      SELECT count(*) AS payloads FROM gone`,
  }
  // A data set that is being made is either seen, or sees what is gone.
  const lock = `SELECT pg_advisory_xact_lock(${lockClass}, ${LOCKS.lineage})`

  async function erase(connection: Connection, statement: Statement, value: unknown): Promise<number> {
    const [row] = await connection.rows<{ readonly payloads: number }>(statement, [value])
    const payloads = row?.payloads ?? 0
    await addTallies(connection, new Map([['payloads.erased', payloads]]))
    return payloads
  }

  return {
    predictions: async (ids) => await database.write((connection) => erase(connection, ofPredictions, ids), lock),
    async user(user) {
      const userJson = jsonOf(user)
      const payloads = await database.write(
        async (connection) => (await erase(connection, ofUser, userJson)) + (await erase(connection, byUser, userJson)),
        lock,
      )
      return { payloads, done: payloads === 0 }
    },
  }
}

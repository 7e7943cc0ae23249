import type { Prediction } from '@groundtrace/core'
import { maySettle, verdictOf } from '../outcome-line.ts'
import {
  isEmptyPayload,
  payloadOf,
  predictionRow,
  type PredictionPayload,
  type PredictionRow,
} from '../prediction-row.ts'
import { isSilent } from '../feedback-row.ts'
import { jsonOf } from '../json-column.ts'
import { bulk } from './columns.ts'
import type { Connection, Database, Statement } from './database.ts'
import type { Entry } from './entry.ts'
import type { Changes } from './working-set.ts'

/** A prediction ready to be written. */
export interface PredictionDraft {
  readonly prediction: Prediction
  readonly row: PredictionRow
  readonly payload: PredictionPayload
  /** It has a payload, or had one. */
  readonly hasPayload: boolean
  readonly task: number
  readonly version: number
}

/** @throws GroundtraceError `invalid-argument` for what JSON can't hold */
export function draftPrediction(prediction: Prediction, task: number, version: number): PredictionDraft {
  const payload = payloadOf(prediction)
  return { prediction, row: predictionRow(prediction), payload, hasPayload: !isEmptyPayload(payload), task, version }
}

/** Everything that one transaction writes. */
export interface Writes {
  readonly recorded: number
  /** In the order in which they are to stand in the ledger; those at the position −1, −2, … of the changes. */
  readonly predictions: readonly PredictionDraft[]
  readonly changes: Changes
}

/** Figures to add, in order of name: who adds to several rows meets others in that order. */
export type AddTallies = (connection: Connection, tallies: ReadonlyMap<string, number>) => Promise<void>

interface Numbered {
  readonly position: number
}
type NumberedPrediction = PredictionDraft & Numbered & { readonly recorded: number }
interface NumberedOutcome extends Numbered {
  readonly prediction: number
  readonly outcome: Changes['outcomes'][number]['outcome']
  readonly recorded: number
}
interface FeedbackLine {
  readonly entry: Entry
  /** NULL while it waits. */
  readonly position: number | null
  readonly prediction: number | null
}

const PREDICTIONS = bulk<NumberedPrediction>({
  position: ['bigint', ({ position }) => position],
  id: ['text', ({ row }) => row.id],
  task: ['integer', ({ task }) => task],
  version: ['integer', ({ version }) => version],
  time: ['double precision', ({ row }) => row.time],
  horizon_seconds: ['double precision', ({ row }) => row.horizon_seconds],
  value_json: ['text', ({ row }) => row.value_json],
  scores_json: ['text', ({ row }) => row.scores_json],
  slices_json: ['text', ({ row }) => row.slices_json],
  entity: ['text', ({ row }) => row.entity],
  policy_json: ['text', ({ row }) => row.policy_json],
  latency_seconds: ['double precision', ({ row }) => row.latency_seconds],
  error: ['text', ({ row }) => row.error],
  parent: ['text', ({ row }) => row.parent],
  whole: ['text', ({ row }) => row.whole],
  has_payload: ['boolean', ({ hasPayload }) => hasPayload],
  recorded: ['double precision', ({ recorded }) => recorded],
})

const PAYLOADS = bulk<NumberedPrediction>({
  prediction: ['bigint', ({ position }) => position],
  recorded: ['double precision', ({ recorded }) => recorded],
  user_json: ['text', ({ payload }) => payload.user_json],
  features_json: ['text', ({ payload }) => payload.features_json],
})

const OUTCOMES = bulk<NumberedOutcome>({
  position: ['bigint', ({ position }) => position],
  prediction: ['bigint', ({ prediction }) => prediction],
  version: ['integer', ({ outcome }) => outcome.version],
  phase: ['text', ({ outcome }) => outcome.phase],
  verdict_json: ['text', ({ outcome }) => JSON.stringify(verdictOf(outcome))],
  evidence_json: ['text', ({ outcome }) => JSON.stringify(outcome.evidence)],
  time: ['double precision', ({ outcome }) => outcome.time],
  replaces_json: ['text', ({ outcome }) => jsonOf(outcome.replaces)],
  recorded: ['double precision', ({ recorded }) => recorded],
})

const targetOf = ({
  feedback,
}: Entry): { readonly prediction?: string; readonly task?: string; readonly entity?: string } => feedback?.target ?? {}

const FEEDBACK = bulk<FeedbackLine>({
  position: ['bigint', ({ position }) => position],
  id: ['text', ({ entry }) => entry.id],
  prediction: ['bigint', ({ prediction }) => prediction],
  waits_for: ['text', ({ entry }) => targetOf(entry).prediction ?? null],
  task: ['text', ({ entry }) => targetOf(entry).task ?? null],
  entity: ['text', ({ entry }) => targetOf(entry).entity ?? null],
  time: ['double precision', ({ entry }) => entry.feedback?.time],
  replaces: ['text', ({ entry }) => entry.replaces],
  line_json: ['text', ({ entry }) => entry.line_json],
  has_payload: ['boolean', ({ entry }) => entry.has_payload],
  held_at_join: ['boolean', ({ entry }) => entry.heldAtJoin],
  held: ['boolean', ({ entry }) => entry.held],
  late: ['boolean', ({ entry }) => entry.late],
  settles: ['boolean', ({ entry }) => entry.feedback !== undefined && maySettle(entry.feedback)],
  recorded: ['double precision', ({ entry }) => entry.recorded],
})

const FEEDBACK_PAYLOADS = bulk<FeedbackLine>(
  {
    id: ['text', ({ entry }) => entry.id],
    user_json: ['text', ({ entry }) => entry.payload.user_json],
    words_json: ['text', ({ entry }) => entry.payload.words_json],
  },
  FEEDBACK.next,
)

const JOINS = bulk<FeedbackLine>({
  arrival: ['bigint', ({ entry }) => entry.arrival],
  position: ['bigint', ({ position }) => position],
  prediction: ['bigint', ({ prediction }) => prediction],
  held_at_join: ['boolean', ({ entry }) => entry.heldAtJoin],
  held: ['boolean', ({ entry }) => entry.held],
  late: ['boolean', ({ entry }) => entry.late],
})

const byId = (a: { readonly row: PredictionRow }, b: { readonly row: PredictionRow }): number =>
  a.row.id < b.row.id ? -1 : 1

/** Adds to tallies, in one statement. */
export function addingTallies({ schema: s }: Database): AddTallies {
  const statement: Statement = {
    name: 'tallies-add',
    sql: `INSERT INTO ${s}.tallies AS t (name, shard, value)
      SELECT name, pg_backend_pid() % 64, value FROM unnest($1::text[], $2::bigint[]) AS given (name, value) ORDER BY name
      ON CONFLICT (name, shard) DO UPDATE SET value = t.value + excluded.value`,
  }
  return async (connection, tallies) => {
    const moved = [...tallies].filter(([, amount]) => amount !== 0)
    if (moved.length === 0) return
    await connection.rows(statement, [moved.map(([name]) => name), moved.map(([, amount]) => amount)])
  }
}

/** Adds to the loss ledger, in one statement. */
export function addingLoss({ schema: s }: Database): AddTallies {
  const statement: Statement = {
    name: 'loss-add',
    sql: `INSERT INTO ${s}.loss AS l (reason, lines)
      SELECT reason, lines FROM unnest($1::text[], $2::bigint[]) AS given (reason, lines) ORDER BY reason
      ON CONFLICT (reason) DO UPDATE SET lines = least(l.lines + excluded.lines, 9007199254740991)`,
  }
  return async (connection, loss) => {
    const lost = [...loss].filter(([, lines]) => lines > 0)
    if (lost.length === 0) return
    await connection.rows(statement, [lost.map(([reason]) => reason), lost.map(([, lines]) => lines)])
  }
}

/** Gives out positions in a ledger, before the first write of a transaction. @returns the first */
export function allocating({
  schema: s,
  lockClass,
}: Database): (connection: Connection, lines: number) => Promise<number> {
  const statement: Statement = { name: 'allocate', sql: `SELECT ${s}.allocate(${lockClass}, $1) AS first` }
  return async (connection, lines) => {
    const [row] = await connection.rows<{ readonly first: number }>(statement, [lines])
    return (row as { readonly first: number }).first
  }
}

/** Writes what was decided: a statement a table, however many rows. */
export function writing(database: Database): (connection: Connection, writes: Writes) => Promise<void> {
  const { schema: s } = database
  const allocate = allocating(database)
  const addTallies = addingTallies(database)
  const addLoss = addingLoss(database)
  // In order of ID: two who bring the same predictions wait for each other, and never in a circle.
  const insertPredictions: Statement = {
    name: 'predictions-insert',
    sql: `WITH line AS (
        INSERT INTO ${s}.predictions (tx, ${PREDICTIONS.names})
        SELECT pg_current_xact_id(), ${PREDICTIONS.names} FROM ${PREDICTIONS.table} ORDER BY nth
        RETURNING position, time, horizon_seconds
      )
      INSERT INTO ${s}.horizons (prediction, due) SELECT position, time + horizon_seconds * 1000 FROM line`,
  }
  const insertPayloads: Statement = {
    name: 'payloads-insert',
    sql: `INSERT INTO ${s}.prediction_payloads (${PAYLOADS.names}) SELECT ${PAYLOADS.names} FROM ${PAYLOADS.table}`,
  }
  const insertFeedback: Statement = {
    name: 'feedback-insert',
    sql: `WITH line AS (
        INSERT INTO ${s}.feedback (tx, ${FEEDBACK.names})
        SELECT CASE WHEN position IS NULL THEN NULL ELSE pg_current_xact_id() END, ${FEEDBACK.names}
        FROM ${FEEDBACK.table} ORDER BY nth
        RETURNING arrival, id
      )
      INSERT INTO ${s}.feedback_payloads (feedback, user_json, words_json)
      SELECT arrival, user_json, words_json FROM line JOIN ${FEEDBACK_PAYLOADS.table} USING (id)`,
  }
  const joinFeedback: Statement = {
    name: 'feedback-join',
    sql: `UPDATE ${s}.feedback f SET position = given.position, prediction = given.prediction,
        held_at_join = given.held_at_join, held = given.held, late = given.late, tx = pg_current_xact_id()
      FROM ${JOINS.table} WHERE f.arrival = given.arrival`,
  }
  const dropFeedback: Statement = {
    name: 'feedback-drop',
    sql: `WITH payload AS (DELETE FROM ${s}.feedback_payloads WHERE feedback = ANY($1::bigint[]))
      DELETE FROM ${s}.feedback WHERE arrival = ANY($1::bigint[])`,
  }
  const holdFeedback: Statement = {
    name: 'feedback-hold',
    sql: `UPDATE ${s}.feedback f SET held = given.held
      FROM unnest($1::bigint[], $2::boolean[]) AS given (position, held) WHERE f.position = given.position`,
  }
  const insertOutcomes: Statement = {
    name: 'outcomes-insert',
    sql: `INSERT INTO ${s}.outcomes (tx, ${OUTCOMES.names})
      SELECT pg_current_xact_id(), ${OUTCOMES.names} FROM ${OUTCOMES.table}`,
  }
  const close: Statement = {
    name: 'horizons-close',
    sql: `DELETE FROM ${s}.horizons WHERE prediction = ANY($1::bigint[])`,
  }

  return async (connection, { recorded, predictions, changes }) => {
    const { entries, holds, outcomes, closed, tallies, loss } = changes
    const joined = entries.filter(({ place }) => place === 'ledger')
    const lines = predictions.length + joined.length + outcomes.length
    const first = lines === 0 ? 0 : await allocate(connection, lines)
    const afterPredictions = first + predictions.length
    const positionOf = (prediction: number): number => (prediction < 0 ? first - prediction - 1 : prediction)
    const places = new Map(joined.map((entry, index) => [entry, afterPredictions + index]))
    const feedback = entries.map((entry) => ({
      entry,
      position: places.get(entry) ?? null,
      prediction: entry.place === 'ledger' ? positionOf(entry.prediction) : null,
    }))

    if (predictions.length > 0) {
      const rows = predictions.map((draft, index) => ({ ...draft, position: first + index, recorded }))
      await connection.rows(insertPredictions, PREDICTIONS.values(rows.toSorted(byId)))
      const withPayload = rows.filter(({ payload }) => !isEmptyPayload(payload))
      if (withPayload.length > 0) await connection.rows(insertPayloads, PAYLOADS.values(withPayload))
    }
    // In order of arrival, which counts downwards.
    const fresh = feedback
      .filter(({ entry }) => entry.kept === 'nowhere')
      .sort((a, b) => b.entry.arrival - a.entry.arrival)
    if (fresh.length > 0) {
      const withPayload = fresh.filter(({ entry }) => !isSilent(entry.payload))
      await connection.rows(insertFeedback, [...FEEDBACK.values(fresh), ...FEEDBACK_PAYLOADS.values(withPayload)])
    }
    const moved = feedback.filter(({ entry }) => entry.kept === 'pen')
    const called = moved.filter(({ position }) => position !== null)
    if (called.length > 0) await connection.rows(joinFeedback, JOINS.values(called))
    const dropped = moved.filter(({ position }) => position === null).map(({ entry }) => entry.arrival)
    if (dropped.length > 0) await connection.rows(dropFeedback, [dropped])
    if (holds.size > 0) await connection.rows(holdFeedback, [[...holds.keys()], [...holds.values()]])
    if (outcomes.length > 0) {
      const rows = outcomes.map(({ prediction, outcome }, index) => ({
        outcome,
        prediction: positionOf(prediction),
        position: afterPredictions + joined.length + index,
        recorded,
      }))
      await connection.rows(insertOutcomes, OUTCOMES.values(rows))
    }
    if (closed.length > 0) await connection.rows(close, [closed.map(positionOf)])
    await addTallies(connection, tallies)
    await addLoss(connection, loss)
  }
}

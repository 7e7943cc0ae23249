import type { JoinedFeedback, Outcome, Prediction, Task, Totals, TrackingId, WaitingPage } from '@groundtrace/core'
import type { Tally } from '../decide/books.ts'
import { inOrder, namesOf } from '../decide/inside.ts'
import { decodeOutcome, type OutcomeRow } from '../outcome-row.ts'
import { totalsOf } from '../totals.ts'
import type { Database, Statement } from './database.ts'
import {
  decodeBare,
  decodeJoined,
  decodeWhole,
  selectJoined,
  selectNaming,
  selectWhole,
  type BareRow,
  type JoinedRow,
  type WholeRow,
} from './rows.ts'
import type { Tasks } from './tasks.ts'

/** What is looked up, each with one statement. */
export interface Reads {
  prediction(id: TrackingId): Promise<Prediction | undefined>
  feedbackOn(prediction: TrackingId): Promise<readonly JoinedFeedback[]>
  feedback(id: TrackingId): Promise<JoinedFeedback | undefined>
  waiting(after: number, limit: number, prediction: TrackingId | undefined): Promise<WaitingPage>
  outcomesOf(prediction: TrackingId): Promise<readonly Outcome[]>
  predictionsOfTrace(traceId: string): Promise<readonly TrackingId[]>
  predictionsInside(prediction: TrackingId): Promise<readonly Prediction[]>
  tasks(): Promise<readonly Task[]>
  totals(): Promise<Totals>
}

interface Figures {
  readonly tallies: Readonly<Record<string, number>> | null
  readonly loss: Readonly<Record<string, number>> | null
  readonly next: number | null
}

export function reading(database: Database, tasks: Tasks): Reads {
  const { schema: s } = database
  const selectPrediction: Statement = { name: 'prediction', sql: `${selectWhole(s)} WHERE p.id = $1` }
  const selectFeedbackOn: Statement = {
    name: 'feedback-on',
    sql: `${selectJoined(s)} WHERE f.prediction = (SELECT position FROM ${s}.predictions WHERE id = $1)
      ORDER BY f.time, f.id`,
  }
  const selectFeedback: Statement = { name: 'feedback', sql: `${selectJoined(s)} WHERE f.id = $1` }
  const waiting = `${selectJoined(s)} WHERE f.position IS NULL AND f.arrival > $1`
  const selectWaiting: Statement = { name: 'waiting', sql: `${waiting} ORDER BY f.arrival LIMIT $2` }
  const selectWaitingFor: Statement = {
    name: 'waiting-for',
    sql: `${waiting} AND f.waits_for = $3 ORDER BY f.arrival LIMIT $2`,
  }
  const selectOutcomes: Statement = {
    name: 'outcomes-of',
    sql: `SELECT o.version, o.phase, o.verdict_json, o.evidence_json, o.time, o.replaces_json
      FROM ${s}.predictions p JOIN ${s}.outcomes o ON o.prediction = p.position WHERE p.id = $1 ORDER BY o.version`,
  }
  // "." follows "-" in ASCII: all IDs of the trace and no others lie between.
  const selectTrace: Statement = {
    name: 'trace',
    sql: `SELECT id FROM ${s}.predictions WHERE id > $1 || '-' AND id < $1 || '.' ORDER BY time, position`,
  }
  const selectInside: Statement = { name: 'inside', sql: selectNaming(s, 'parent') }
  const selectFigures: Statement = {
    name: 'figures',
    sql: `SELECT
      (SELECT json_object_agg(name, value) FROM (
        SELECT name, sum(value)::bigint AS value FROM ${s}.tallies WHERE name NOT LIKE 'version.%' GROUP BY name
      ) sums) AS tallies,
      (SELECT json_object_agg(reason, lines ORDER BY reason) FROM ${s}.loss) AS loss,
      (SELECT due FROM ${s}.horizons WHERE due <= 8.64e15 ORDER BY due, prediction LIMIT 1) AS next`,
  }

  /** Rows, and then all tasks that they may be of. */
  const rowsOf = async <Row>(statement: Statement, value: unknown): Promise<readonly Row[]> =>
    await database.read(async (connection) => {
      const rows = await connection.rows<Row>(statement, [value])
      await tasks.refresh(connection)
      return rows
    })

  return {
    async prediction(id) {
      const [row] = await rowsOf<WholeRow>(selectPrediction, id)
      return row === undefined ? undefined : decodeWhole(row, tasks)
    },
    async feedbackOn(id) {
      return (await rowsOf<JoinedRow>(selectFeedbackOn, id)).map((row) => decodeJoined(row, tasks))
    },
    async feedback(id) {
      const [row] = await rowsOf<JoinedRow>(selectFeedback, id)
      return row === undefined ? undefined : decodeJoined(row, tasks)
    },
    waiting: (after, limit, prediction) =>
      database.read(async (connection) => {
        const rows = await (prediction === undefined
          ? connection.rows<JoinedRow>(selectWaiting, [after, limit])
          : connection.rows<JoinedRow>(selectWaitingFor, [after, limit, prediction]))
        return { lines: rows.map((row) => decodeJoined(row, tasks)), position: rows.at(-1)?.arrival ?? after }
      }),
    outcomesOf: (id) =>
      database.read(async (connection) =>
        (await connection.rows<OutcomeRow>(selectOutcomes, [id])).map((row) => decodeOutcome(row, id)),
      ),
    predictionsOfTrace: (traceId) =>
      database.read(async (connection) =>
        (await connection.rows<{ readonly id: TrackingId }>(selectTrace, [traceId])).map(({ id }) => id),
      ),
    async predictionsInside(id) {
      return inOrder((await rowsOf<BareRow>(selectInside, namesOf(id))).map((row) => decodeBare(row, tasks)))
    },
    tasks: () =>
      database.read(async (connection) => {
        await tasks.refresh(connection)
        return tasks.all()
      }),
    totals: () =>
      database.read(async (connection) => {
        const [row] = await connection.rows<Figures>(selectFigures)
        const { tallies, loss, next } = row as Figures
        const totals = totalsOf((tally: Tally) => tallies?.[tally] ?? 0, loss ?? {})
        return next === null ? totals : { ...totals, nextHorizon: next }
      }),
  }
}

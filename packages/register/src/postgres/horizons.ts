import type { TrackingId } from '@groundtrace/core'
import type { Database, Statement } from './database.ts'
import type { InTransaction } from './decisions.ts'
import { Needs } from './needs.ts'
import { writing } from './write.ts'

/** Predictions closed in one transaction. */
const STEP = 500

/** Feedback that is looked at in one transaction, about: what a flood said of a few predictions takes as long as many do. */
const STEP_LINES = 10_000

/** The last moment that a date can tell (ECMA-262): a horizon beyond it never comes. */
const END_OF_TIME = 8.64e15

interface DueRow {
  readonly id: TrackingId
  readonly position: number
  readonly lines: number
}

/** The prediction is gone: somebody took it out of the tables by hand. */
interface GoneRow {
  readonly id: null
  readonly position: number
}

const isThere = (row: DueRow | GoneRow): row is DueRow => row.id !== null

/** Writes the horizon lines that are due, in order of horizon, at most `limit`. @returns how many; 0: none is left */
export type CloseDue = (now: number, limit: number) => Promise<number>

/** As many as have few enough lines together, at least one. */
function withinLines(rows: readonly DueRow[]): readonly DueRow[] {
  let lines = 0
  const end = rows.findIndex((row) => (lines += row.lines) >= STEP_LINES)
  return end === -1 ? rows : rows.slice(0, end + 1)
}

export function closing(database: Database, inTransaction: InTransaction): CloseDue {
  const { schema: s } = database
  const write = writing(database)
  const selectDue: Statement = {
    name: 'horizons-due',
    sql: `SELECT p.id, h.prediction AS position, (SELECT count(*) FROM ${s}.feedback f WHERE f.prediction = p.position AND f.settles) AS lines
      FROM (SELECT prediction, due FROM ${s}.horizons WHERE due <= $1 ORDER BY due, prediction LIMIT $2) h
      LEFT JOIN ${s}.predictions p ON p.position = h.prediction ORDER BY h.due, h.prediction`,
  }

  const removeGone: Statement = {
    name: 'horizons-gone',
    sql: `DELETE FROM ${s}.horizons h WHERE h.prediction = ANY($1::bigint[])
      AND NOT EXISTS (SELECT FROM ${s}.predictions p WHERE p.position = h.prediction)`,
  }

  const selectOpen: Statement = {
    name: 'horizons-open',
    sql: `SELECT prediction FROM ${s}.horizons WHERE prediction = ANY($1::bigint[])`,
  }

  async function close(due: readonly DueRow[]): Promise<number> {
    const recorded = database.now()
    const needs = new Needs()
    for (const { id } of due) needs.addLines(id)
    return await inTransaction({
      recorded,
      needs,
      // Another replica may have closed some of them since.
      find: (connection) =>
        connection.rows<{ readonly prediction: number }>(selectOpen, [due.map(({ position }) => position)]),
      brought: () => ({}),
      decide({ settle, subjects }, attempt, found) {
        const open = new Set(found.map(({ prediction }) => prediction))
        for (const { position } of due) {
          if (open.has(position)) attempt(() => settle.close(position, () => subjects.subjectAt(position)))
        }
        return open.size
      },
      write: (connection, changes) => write(connection, { recorded, predictions: [], changes }),
    })
  }

  return async (now, limit) => {
    for (;;) {
      const rows = await database.read((connection) =>
        connection.rows<DueRow | GoneRow>(selectDue, [Math.min(now, END_OF_TIME), Math.min(limit, STEP)]),
      )
      if (rows.length === 0) return 0
      const due = rows.filter(isThere)
      if (due.length < rows.length) {
        // Nothing behind them must wait for them.
        await database.write((connection) =>
          connection.rows(removeGone, [rows.filter((row) => !isThere(row)).map(({ position }) => position)]),
        )
      }
      const closed = due.length === 0 ? 0 : await close(withinLines(due))
      if (closed > 0) return closed
    }
  }
}

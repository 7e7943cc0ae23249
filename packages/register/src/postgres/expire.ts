import type { TrackingId } from '@groundtrace/core'
import { ORPHAN_EXPIRED } from '../orphans.ts'
import type { Database, Statement } from './database.ts'
import { Needs } from './needs.ts'
import { beginning } from './decisions.ts'
import type { Tasks } from './tasks.ts'
import { addingLoss, addingTallies } from './write.ts'

/** Lines that go in one transaction. */
const STEP = 500

/** Drops feedback that has waited for its prediction since before a time, some of it. @returns how many lines went; 0: none is left */
export type DropWaiting = (before: number) => Promise<number>

/** By the register's own clock, which also said when a line came: the time of an event is what its sender says. */
export function droppingWaiting(database: Database, tasks: Tasks): DropWaiting {
  const { schema: s } = database
  const addTallies = addingTallies(database)
  const addLoss = addingLoss(database)
  const select: Statement = {
    name: 'pen-oldest',
    sql: `SELECT id FROM (
        SELECT id, recorded FROM ${s}.feedback WHERE position IS NULL ORDER BY arrival LIMIT ${STEP}
      ) oldest WHERE recorded < $1`,
  }
  const remove: Statement = {
    name: 'pen-expire',
    sql: `WITH gone AS (DELETE FROM ${s}.feedback WHERE position IS NULL AND id = ANY($1::text[]) RETURNING arrival),
        payloads AS (DELETE FROM ${s}.feedback_payloads WHERE feedback IN (SELECT arrival FROM gone))
      SELECT count(*) AS lines FROM gone`,
  }

  return async (before) => {
    const oldest = await database.read((connection) => connection.rows<{ readonly id: TrackingId }>(select, [before]))
    if (oldest.length === 0) return 0
    const needs = new Needs()
    for (const { id } of oldest) needs.feedback.add(id)
    await database.write(
      async (connection) => {
        const [row] = await connection.rows<{ readonly lines: number }>(remove, [[...needs.feedback]])
        const lines = row?.lines ?? 0
        await addTallies(connection, new Map([['feedback.penned', -lines]]))
        await addLoss(connection, new Map([[ORPHAN_EXPIRED, lines]]))
      },
      beginning(database, tasks, needs),
    )
    // Those that somebody else took meanwhile are gone as well.
    return oldest.length
  }
}

import type { JoinedOutcome, Ledger, LedgerLines, Page } from '@groundtrace/core'
import { namesOf, sharing } from '../decide/inside.ts'
import { withinMembers, type LineageRow } from '../lineage-row.ts'
import { decodeOutcome, type OutcomeRow } from '../outcome-row.ts'
import type { Connection, Database, Statement } from './database.ts'
import type { Lineage } from './lineage.ts'
import {
  decodeBare,
  decodeWhole,
  feedbackOf,
  marksOf,
  selectBare,
  selectJoined,
  selectNaming,
  selectWhole,
  type BareRow,
  type JoinedRow,
  type WholeRow,
} from './rows.ts'
import type { Tasks } from './tasks.ts'

/** Reads a page of a ledger, in commit order. */
export type ReadPage = <L extends Ledger>(
  connection: Connection,
  ledger: L,
  after: number,
  limit: number,
) => Promise<Page<L>>

type Placed<Row> = Row & { readonly position: number }

/** A row of `outcomes`, as JSON, and its prediction. */
interface WithOutcome {
  readonly outcome: OutcomeRow & { readonly recorded: number }
  readonly position: number
  readonly about: BareRow
}

type Readers = {
  readonly [L in Ledger]: (
    connection: Connection,
    after: number,
    limit: number,
  ) => Promise<readonly Placed<{ readonly line: LedgerLines[L] }>[]>
}

export function tailing({ schema: s }: Database, tasks: Tasks, lineage: Lineage): ReadPage {
  /**
   * The positions of the next lines whose order is settled. Positions and transactions are numbered in one order, so all
   * that will ever stand before a line is there once every transaction up to its own has ended.
   */
  const settled = (table: string): string => `(
    SELECT position FROM (
      SELECT position, tx FROM ${s}.${table} WHERE position > $1 ORDER BY position LIMIT $2
    ) next WHERE tx < pg_snapshot_xmin(pg_current_snapshot()) OR position <= (SELECT upto FROM ${s}.restored)
  )`
  const selectPredictions: Statement = {
    name: 'tail-predictions',
    sql: `${selectWhole(s)} WHERE p.position IN ${settled('predictions')} ORDER BY p.position`,
  }
  const selectFeedback: Statement = {
    name: 'tail-feedback',
    sql: `${selectJoined(s)} WHERE f.position IN ${settled('feedback')} ORDER BY f.position`,
  }
  const selectOutcomes: Statement = {
    name: 'tail-outcomes',
    sql: `SELECT o.position, to_json(o) AS outcome, about.row AS about
      FROM ${s}.outcomes o
      JOIN LATERAL (SELECT to_json(bare) AS row FROM (${selectBare(s)} WHERE p.position = o.prediction) bare) about ON true
      WHERE o.position IN ${settled('outcomes')} ORDER BY o.position`,
  }
  const selectLineage: Statement = {
    name: 'tail-lineage',
    sql: `SELECT l.position, l.line_json, l.members FROM ${s}.lineage l
      WHERE l.position IN ${settled('lineage')} ORDER BY l.position`,
  }
  const selectMembers: Statement = { name: 'tail-members', sql: selectNaming(s, 'whole') }

  /** Adds to each outcome of a whole the members that share its truth. */
  async function withMembers(
    connection: Connection,
    lines: readonly JoinedOutcome[],
  ): Promise<readonly JoinedOutcome[]> {
    const wholes = new Set(lines.flatMap(({ prediction }) => (prediction.whole === undefined ? [prediction.id] : [])))
    if (wholes.size === 0) return lines
    const rows = await connection.rows<BareRow>(selectMembers, [[...new Set([...wholes].flatMap(namesOf))]])
    if (rows.length === 0) return lines
    await tasks.refresh(connection)
    const byName = Map.groupBy(rows, ({ whole }) => whole as string)
    return lines.map((line) => {
      if (line.prediction.whole !== undefined) return line
      const naming = namesOf(line.prediction.id).flatMap((name) => byName.get(name) ?? [])
      const members = sharing(
        line.prediction,
        naming.map((row) => decodeBare(row, tasks)),
      )
      return members.length === 0 ? line : { ...line, members }
    })
  }

  const readers: Readers = {
    async predictions(connection, after, limit) {
      const rows = await connection.rows<Placed<WholeRow>>(selectPredictions, [after, limit])
      await tasks.refresh(connection)
      return rows.map((row) => ({ position: row.position, line: decodeWhole(row, tasks) }))
    },
    async feedback(connection, after, limit) {
      const rows = await connection.rows<Placed<JoinedRow>>(selectFeedback, [after, limit])
      await tasks.refresh(connection)
      return rows.map((row) => ({
        position: row.position,
        line: {
          feedback: feedbackOf(row),
          // As it joined: a line reads the same for ever, whatever was taken back since.
          status: row.held_at_join ? 'held' : 'stored',
          prediction: decodeBare(row.about as BareRow, tasks),
          ...marksOf(row),
        },
      }))
    },
    async outcomes(connection, after, limit) {
      const rows = await connection.rows<WithOutcome>(selectOutcomes, [after, limit])
      await tasks.refresh(connection)
      const lines = rows.map(({ outcome, about }) => {
        const prediction = decodeBare(about, tasks)
        return { outcome: decodeOutcome(outcome, prediction.id), prediction, recorded: outcome.recorded }
      })
      const whole = await withMembers(connection, lines)
      return rows.map(({ position }, index) => ({ position, line: whole[index] as JoinedOutcome }))
    },
    async lineage(connection, after, limit) {
      const rows = withinMembers(await connection.rows<LineageRow>(selectLineage, [after, limit]))
      const lines = await lineage.decode(connection, rows)
      return lines.map((line, index) => ({ position: rows[index]?.position as number, line }))
    },
  }

  return async (connection, ledger, after, limit) => {
    const lines = await readers[ledger](connection, after, limit)
    return { lines: lines.map(({ line }) => line), position: lines.at(-1)?.position ?? after }
  }
}

import type { Count, Ledger, LedgerLines } from '@groundtrace/core'
import { list } from '../arguments.ts'
import {
  checkedCount,
  decodeCount,
  expectLedger,
  namesUnder,
  type CheckedCount,
  type CountRow,
} from '../checked-count.ts'
import type { Connection, Database, Statement } from './database.ts'
import type { ReadPage } from './tail.ts'

export interface Cursors {
  advance<L extends Ledger>(
    cursor: string,
    ledger: L,
    count: (lines: readonly LedgerLines[L][]) => readonly Count[],
    limit: number,
  ): Promise<number>
  counts(under: string): Promise<readonly Count[]>
  /** Drops counts of no more use, some of them. @returns how many; 0: none is left */
  readonly expireCounts: () => Promise<number>
}

interface CursorRow {
  readonly ledger: string
  readonly position: number
}

/** In order of name and labels: two who add to the same counts meet in that order. */
function summed(counts: readonly Count[]): readonly CheckedCount[] {
  const sums = new Map<string, CheckedCount>()
  for (const [name, labels, value, expires] of counts.map(checkedCount)) {
    const key = `${name} ${labels}`
    sums.set(key, [name, labels, (sums.get(key)?.[2] ?? 0) + value, expires])
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
}

/** Counts dropped in one transaction. */
const EXPIRED_AT_ONCE = 500

export function cursorTable(database: Database, readPage: ReadPage): Cursors {
  const { schema: s } = database
  const make: Statement = {
    name: 'cursor-make',
    sql: `INSERT INTO ${s}.cursors (name, ledger, position) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING`,
  }
  const select: Statement = {
    name: 'cursor-select',
    sql: `SELECT ledger, position FROM ${s}.cursors WHERE name = $1 FOR UPDATE`,
  }
  const move: Statement = { name: 'cursor-move', sql: `UPDATE ${s}.cursors SET position = $2 WHERE name = $1` }
  const add: Statement = {
    name: 'counts-add',
    sql: `INSERT INTO ${s}.counts AS c (name, labels_json, value, expires)
      SELECT name, labels_json, value, expires FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[])
        WITH ORDINALITY AS given (name, labels_json, value, expires, place) ORDER BY place
      ON CONFLICT (name, labels_json) DO UPDATE SET value = CASE
        WHEN c.value / 2 + excluded.value / 2 > 8.988465674311579e307 THEN 1.7976931348623157e308
        ELSE c.value + excluded.value END, expires = excluded.expires`,
  }
  const selectCounts: Statement = {
    name: 'counts-select',
    sql: `SELECT name, labels_json, value, expires FROM ${s}.counts WHERE name >= $1 AND name < $2
      ORDER BY name, labels_json`,
  }
  const removeExpired: Statement = {
    name: 'counts-expire',
    sql: `WITH gone AS (
        DELETE FROM ${s}.counts WHERE (name, labels_json) IN (
          SELECT name, labels_json FROM ${s}.counts WHERE expires < $1
          ORDER BY name, labels_json LIMIT ${EXPIRED_AT_ONCE} FOR UPDATE
        ) RETURNING 1
      ) SELECT count(*) AS gone FROM gone`,
  }

  /** Where a cursor stands; nobody else moves it until this transaction ends. */
  async function positionOf(connection: Connection, cursor: string, ledger: Ledger): Promise<number> {
    let [row] = await connection.rows<CursorRow>(select, [cursor])
    if (row === undefined) {
      await connection.rows(make, [cursor, ledger])
      ;[row] = await connection.rows<CursorRow>(select, [cursor])
    }
    const { ledger: kept, position } = row as CursorRow
    expectLedger(cursor, kept, ledger)
    return position
  }

  return {
    async advance(cursor, ledger, count, limit) {
      return await database.write(async (connection) => {
        const { lines, position } = await readPage(
          connection,
          ledger,
          await positionOf(connection, cursor, ledger),
          limit,
        )
        if (lines.length === 0) return 0
        const counts = summed(list(count(lines), 'what count returned'))
        const columns = ([0, 1, 2, 3] as const).map((column) => counts.map((sum) => sum[column]))
        if (counts.length > 0) await connection.rows(add, columns)
        await connection.rows(move, [cursor, position])
        return lines.length
      })
    },
    async counts(under) {
      const rows = await database.read((connection) => connection.rows<CountRow>(selectCounts, namesUnder(under)))
      return rows.map(decodeCount)
    },
    async expireCounts() {
      const [row] = await database.write((connection) =>
        connection.rows<{ readonly gone: number }>(removeExpired, [database.now()]),
      )
      return row?.gone ?? 0
    },
  }
}

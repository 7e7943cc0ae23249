import type { Count, Ledger, LedgerLines } from '@groundtrace/core'
import { list } from '../arguments.ts'
import { checkedCount, expectLedger } from '../checked-count.ts'
import type { Connection, Database, Statement } from './database.ts'
import type { ReadPage } from './tail.ts'

export interface Cursors {
  advance<L extends Ledger>(
    cursor: string,
    ledger: L,
    count: (lines: readonly LedgerLines[L][]) => readonly Count[],
    limit: number,
  ): Promise<number>
  counts(): Promise<readonly Count[]>
}

interface CursorRow {
  readonly ledger: string
  readonly position: number
}

/** In order of name and labels: two who add to the same counts meet in that order. */
function summed(counts: readonly Count[]): readonly (readonly [name: string, labelsJson: string, value: number])[] {
  const sums = new Map<string, readonly [string, string, number]>()
  for (const [name, labels, value] of counts.map(checkedCount)) {
    const key = `${name} ${labels}`
    sums.set(key, [name, labels, (sums.get(key)?.[2] ?? 0) + value])
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
}

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
    sql: `INSERT INTO ${s}.counts AS c (name, labels_json, value)
      SELECT name, labels_json, value FROM unnest($1::text[], $2::text[], $3::float8[])
        WITH ORDINALITY AS given (name, labels_json, value, place) ORDER BY place
      ON CONFLICT (name, labels_json) DO UPDATE SET value = CASE
        WHEN c.value / 2 + excluded.value / 2 > 8.988465674311579e307 THEN 1.7976931348623157e308
        ELSE c.value + excluded.value END`,
  }
  const selectCounts: Statement = {
    name: 'counts-select',
    sql: `SELECT name, labels_json, value FROM ${s}.counts ORDER BY name, labels_json`,
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
        const columns = [0, 1, 2].map((column) => counts.map((sum) => sum[column as 0 | 1 | 2]))
        if (counts.length > 0) await connection.rows(add, columns)
        await connection.rows(move, [cursor, position])
        return lines.length
      })
    },
    async counts() {
      const rows = await database.read((connection) =>
        connection.rows<{ readonly name: string; readonly labels_json: string; readonly value: number }>(selectCounts),
      )
      return rows.map(({ name, labels_json: labels, value }) => ({
        name,
        labels: JSON.parse(labels) as Count['labels'],
        value,
      }))
    },
  }
}

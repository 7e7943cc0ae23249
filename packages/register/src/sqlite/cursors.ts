import type { Count, Ledger, LedgerLines } from '@groundtrace/core'
import { list } from '../arguments.ts'
import { checkedCount, expectLedger } from '../checked-count.ts'
import type { Store } from './store.ts'
import type { ReadPage } from './tail.ts'

export interface Cursors {
  advance<L extends Ledger>(
    cursor: string,
    ledger: L,
    count: (lines: readonly LedgerLines[L][]) => readonly Count[],
    limit: number,
  ): number
  counts(): readonly Count[]
}

export function cursorTable(store: Store, readPage: ReadPage): Cursors {
  const select = store.prepare('SELECT ledger, position FROM cursors WHERE name = ?')
  const move = store.prepare(`
    INSERT INTO cursors (name, ledger, position) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position`)
  const add = store.prepare(`
    INSERT INTO counts (name, labels_json, value) VALUES (?, ?, ?)
    ON CONFLICT (name, labels_json) DO UPDATE SET value = MIN(value + excluded.value, 1.7976931348623157e308)`)
  const selectCounts = store.prepare('SELECT name, labels_json, value FROM counts ORDER BY name, labels_json')

  function positionOf(cursor: string, ledger: Ledger): number {
    const row = select.get(cursor)
    if (row === undefined) return 0
    expectLedger(cursor, row['ledger'] as string, ledger)
    return row['position'] as number
  }

  return {
    advance(cursor, ledger, count, limit) {
      const { lines, position } = readPage(ledger, positionOf(cursor, ledger), limit)
      if (lines.length === 0) return 0
      for (const counted of list(count(lines), 'what count returned')) add.run(...checkedCount(counted))
      move.run(cursor, ledger, position)
      return lines.length
    },
    counts: () =>
      selectCounts.all().map((row) => ({
        name: row['name'] as string,
        labels: JSON.parse(row['labels_json'] as string) as Count['labels'],
        value: row['value'] as number,
      })),
  }
}

import type { Count, Ledger, LedgerLines } from '@groundtrace/core'
import { expectLedger, type CheckedCount } from '../checked-count.ts'
import type { Store } from './store.ts'
import type { ReadPage } from './tail.ts'

/** What is after a cursor. */
export interface CursorPage<L extends Ledger = Ledger> {
  readonly lines: readonly LedgerLines[L][]
  /** Where the cursor stands. */
  readonly from: number
  /** Where it stands when these lines are taken. */
  readonly to: number
}

/** Lines that were counted, to be taken. */
export interface CursorMove {
  readonly cursor: string
  readonly ledger: Ledger
  readonly from: number
  readonly to: number
  readonly counts: readonly CheckedCount[]
}

export interface Cursors {
  page<L extends Ledger>(cursor: string, ledger: L, limit: number): CursorPage<L>
  /** Moves the cursor and adds to the counts, unless another one moved it since. @returns whether it did */
  move(move: CursorMove): boolean
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
    page(cursor, ledger, limit) {
      const from = positionOf(cursor, ledger)
      const { lines, position } = readPage(ledger, from, limit)
      return { lines, from, to: position }
    },
    move({ cursor, ledger, from, to, counts }) {
      if (positionOf(cursor, ledger) !== from) return false
      for (const count of counts) add.run(...count)
      move.run(cursor, ledger, to)
      return true
    },
    counts: () =>
      selectCounts.all().map((row) => ({
        name: row['name'] as string,
        labels: JSON.parse(row['labels_json'] as string) as Count['labels'],
        value: row['value'] as number,
      })),
  }
}

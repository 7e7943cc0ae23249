import type { Count, Ledger, LedgerLines } from '@groundtrace/core'
import { decodeCount, expectLedger, namesUnder, type CheckedCount, type CountRow } from '../checked-count.ts'
import type { Store } from './store.ts'
import type { ReadPage } from './tail.ts'

/** What is after a cursor. */
export interface CursorPage<L extends Ledger = Ledger> {
  readonly lines: readonly LedgerLines[L][]
  /** Where the cursor stands. */
  readonly from: number
  /** Where it stands when these lines are taken. */
  readonly to: number
  /** Nobody has moved it yet: what it has not read may be pruned until somebody does. */
  readonly isNew: boolean
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
  counts(under: string): readonly Count[]
  /** Drops counts of no more use, some of them. @returns how many; 0: none is left */
  expire(now: number): number
}

/** Counts dropped in one transaction. */
const EXPIRED_AT_ONCE = 500

export function cursorTable(store: Store, readPage: ReadPage): Cursors {
  const select = store.prepare('SELECT ledger, position FROM cursors WHERE name = ?')
  const move = store.prepare(`
    INSERT INTO cursors (name, ledger, position) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position`)
  const add = store.prepare(`
    INSERT INTO counts (name, labels_json, value, expires) VALUES (?, ?, ?, ?)
    ON CONFLICT (name, labels_json) DO UPDATE SET
      value = MIN(value + excluded.value, 1.7976931348623157e308), expires = excluded.expires`)
  const selectCounts = store.prepare(`
    SELECT name, labels_json, value, expires FROM counts WHERE name >= ? AND name < ? ORDER BY name, labels_json`)
  const selectExpired = store.prepare(`
    SELECT name, labels_json FROM counts WHERE expires IS NOT NULL AND expires < ? LIMIT ${EXPIRED_AT_ONCE}`)
  const remove = store.prepare('DELETE FROM counts WHERE name = ? AND labels_json = ?')

  /** Where a cursor stands; undefined when nobody has moved it yet. */
  function positionOf(cursor: string, ledger: Ledger): number | undefined {
    const row = select.get(cursor)
    if (row === undefined) return undefined
    expectLedger(cursor, row['ledger'] as string, ledger)
    return row['position'] as number
  }

  return {
    page(cursor, ledger, limit) {
      const kept = positionOf(cursor, ledger)
      const from = kept ?? 0
      const { lines, position } = readPage(ledger, from, limit)
      return { lines, from, to: position, isNew: kept === undefined }
    },
    move({ cursor, ledger, from, to, counts }) {
      if ((positionOf(cursor, ledger) ?? 0) !== from) return false
      for (const count of counts) add.run(...count)
      move.run(cursor, ledger, to)
      return true
    },
    counts: (under) => (selectCounts.all(...namesUnder(under)) as unknown as CountRow[]).map(decodeCount),
    expire(now) {
      const rows = selectExpired.all(now) as unknown as Pick<CountRow, 'name' | 'labels_json'>[]
      for (const { name, labels_json: labels } of rows) remove.run(name, labels)
      return rows.length
    },
  }
}

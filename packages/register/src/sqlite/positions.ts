import type { Store } from './store.ts'

export type NumberedLedger = 'predictions' | 'feedback' | 'outcomes'

export interface Positions {
  /** The position of the next line of a ledger: above every one that was ever given. */
  next(ledger: NumberedLedger): number
  /** Remembers how far a ledger has come, before lines are taken out of it. */
  keep(ledger: NumberedLedger): void
}

/** Row IDs that SQLite chooses itself would come again when the last rows are pruned, and readers would miss them. */
export function positionsOf(store: Store): Positions {
  const selectLast = {
    predictions: store.prepare('SELECT max(position) AS last FROM predictions'),
    feedback: store.prepare('SELECT max(position) AS last FROM feedback'),
    outcomes: store.prepare('SELECT max(position) AS last FROM outcomes'),
  }
  const selectKept = store.prepare('SELECT position FROM given WHERE ledger = ?')
  const keep = store.prepare(`
    INSERT INTO given (ledger, position) VALUES (?, ?)
    ON CONFLICT (ledger) DO UPDATE SET position = max(position, excluded.position)`)
  const last = new Map<NumberedLedger, number>()
  store.onStale(() => last.clear())

  function lastOf(ledger: NumberedLedger): number {
    const known = last.get(ledger)
    if (known !== undefined) return known
    const kept = (selectKept.get(ledger)?.['position'] as number | undefined) ?? 0
    return Math.max(kept, (selectLast[ledger].get()?.['last'] as number | null) ?? 0)
  }

  return {
    next(ledger) {
      const position = lastOf(ledger) + 1
      last.set(ledger, position)
      return position
    },
    keep: (ledger) => void keep.run(ledger, lastOf(ledger)),
  }
}

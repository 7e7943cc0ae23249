import type { Totals } from '@groundtrace/core'
import type { Tallies, Tally } from '../decide/books.ts'
import { totalsOf } from '../totals.ts'
import type { Store } from './store.ts'

export interface TallyTable extends Tallies {
  /** As it stands within the running transaction. */
  value(tally: Tally): number
  totals(): Totals
}

export function tallyTable(store: Store): TallyTable {
  const select = store.prepare('SELECT value FROM tallies WHERE name = ?')
  const add = store.prepare(
    'INSERT INTO tallies (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value',
  )
  const addLoss = store.prepare(
    'INSERT INTO loss (reason, lines) VALUES (?, ?) ON CONFLICT (reason) DO UPDATE SET lines = MIN(lines + excluded.lines, 9007199254740991)',
  )
  const selectLoss = store.prepare('SELECT reason, lines FROM loss ORDER BY reason')

  const pending = new Map<Tally, number>()
  /** What is kept, as it was read or written last. */
  const kept = new Map<Tally, number>()
  store.onStale(() => {
    pending.clear()
    kept.clear()
  })
  store.beforeCommit(() => {
    for (const [tally, amount] of pending) {
      if (amount === 0) continue
      add.run(tally, amount)
      kept.delete(tally)
    }
    pending.clear()
  })

  function keptOf(tally: Tally): number {
    const known = kept.get(tally) ?? (select.get(tally)?.['value'] as number | undefined) ?? 0
    kept.set(tally, known)
    return known
  }
  const value = (tally: Tally): number => keptOf(tally) + (pending.get(tally) ?? 0)

  return {
    add: (tally, amount) => void pending.set(tally, (pending.get(tally) ?? 0) + amount),
    value,
    recordLoss(loss) {
      for (const [reason, lines] of Object.entries(loss)) if (lines > 0) addLoss.run(reason, lines)
    },
    totals: () =>
      totalsOf(
        value,
        Object.fromEntries(selectLoss.all().map((row) => [row['reason'], row['lines']])) as Totals['loss'],
      ),
  }
}

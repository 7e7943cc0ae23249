import type { Store } from './store.ts'

/** Stands for every task. */
const ALL = 0

export interface Retention {
  /** Predictions of a task that were made before this time are not kept any more. */
  before(task: number): number
  /** @param task undefined: of every task, also of those that come */
  prune(task: number | undefined, before: number): void
}

export function retentionTable(store: Store): Retention {
  const select = store.prepare('SELECT before FROM retention WHERE task IN (?, ?) ORDER BY before DESC LIMIT 1')
  const upsert = store.prepare(`
    INSERT INTO retention (task, before) VALUES (?, ?)
    ON CONFLICT (task) DO UPDATE SET before = max(before, excluded.before)`)
  const known = new Map<number, number>()
  store.onStale(() => known.clear())

  return {
    before(task) {
      const cached = known.get(task)
      if (cached !== undefined) return cached
      const before = (select.get(task, ALL)?.['before'] as number | undefined) ?? Number.NEGATIVE_INFINITY
      known.set(task, before)
      return before
    },
    prune(task, before) {
      known.clear()
      upsert.run(task ?? ALL, before)
    },
  }
}

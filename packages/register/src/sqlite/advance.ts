import { list } from '../arguments.ts'
import { checkedCount } from '../checked-count.ts'
import type { Driver } from '../checked-register.ts'
import type { StoreDriver } from './store-driver.ts'

/**
 * Advances a cursor in one go: reads, counts and moves, and again when somebody else moved it meanwhile. So counting needs no
 * lock, and what counts may be in another thread than the store.
 */
export function advancing(store: StoreDriver): Driver['advance'] {
  return async (cursor, ledger, count, limit) => {
    for (;;) {
      const { lines, from, to, isNew } = await store.cursorPage(cursor, ledger, limit)
      if (lines.length === 0 && !isNew) return 0
      const counts = lines.length === 0 ? [] : list(count(lines), 'what count returned')
      if (await store.moveCursor({ cursor, ledger, from, to, counts: counts.map(checkedCount) })) return lines.length
    }
  }
}

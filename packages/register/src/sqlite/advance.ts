import type { Ledger } from '@groundtrace/core'
import { list } from '../arguments.ts'
import { checkedCount } from '../checked-count.ts'
import type { Answer, Driver } from '../checked-register.ts'
import type { CursorMove, CursorPage } from './cursors.ts'

/** A driver whose cursors move in two steps. */
export type TwoStepDriver = Omit<Driver, 'advance'> & {
  cursorPage<L extends Ledger>(cursor: string, ledger: L, limit: number): Answer<CursorPage<L>>
  moveCursor(move: CursorMove): Answer<boolean>
}

/**
 * The driver with a cursor that is advanced in one go: reads, counts and moves, and again when somebody else moved it
 * meanwhile. So counting needs no lock, and what counts may be in another thread than the store.
 */
export function withAdvance(driver: TwoStepDriver): Driver {
  return {
    ...driver,
    async advance(cursor, ledger, count, limit) {
      for (;;) {
        const { lines, from, to, isNew } = await driver.cursorPage(cursor, ledger, limit)
        if (lines.length === 0 && !isNew) return 0
        const counts = lines.length === 0 ? [] : list(count(lines), 'what count returned')
        if (await driver.moveCursor({ cursor, ledger, from, to, counts: counts.map(checkedCount) })) return lines.length
      }
    },
  }
}

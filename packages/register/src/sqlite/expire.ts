import type { FeedbackLedger } from '../decide/books.ts'
import { ORPHAN_EXPIRED } from '../orphans.ts'
import type { PenTable } from './pen.ts'
import type { Store } from './store.ts'
import type { TallyTable } from './tallies.ts'

/** Lines that go in one transaction. */
const STEP = 500

/** Drops feedback that has waited for its prediction since before a time, some of it. @returns how many lines went; 0: none is left */
export type DropWaiting = (before: number) => number

/** By the store's own clock, which also said when a line came: the time of an event is what its sender says. */
export function droppingWaiting(
  store: Store,
  { pen, ledger, tallies }: { pen: PenTable; ledger: FeedbackLedger; tallies: TallyTable },
): DropWaiting {
  return (before) =>
    store.write(() => {
      if (pen.empty()) return 0
      const rows = pen.cameBefore(before, STEP)
      for (const row of rows) {
        pen.take(row)
        ledger.dropPayload(row.payload)
      }
      if (rows.length > 0) tallies.recordLoss({ [ORPHAN_EXPIRED]: rows.length })
      return rows.length
    })
}

import { LEDGERS, RECEIPT_STATUSES, type LedgerLines, type Totals } from '@groundtrace/core'
import { expect, expectTypeOf, test } from 'vitest'

// The words of the architecture's ledgers; stores, cursors and metrics spell them.
test('there are four ledgers, and a line type for each', () => {
  expect(LEDGERS).toEqual(['predictions', 'feedback', 'outcomes', 'lineage'])
  expectTypeOf<keyof LedgerLines>().toEqualTypeOf<(typeof LEDGERS)[number]>()
})

test('every receipt is one of six, and each is counted', () => {
  expect(RECEIPT_STATUSES).toEqual(['stored', 'orphaned', 'held', 'duplicate', 'conflict', 'rejected'])
  expectTypeOf<keyof Totals['feedback']>().toEqualTypeOf<(typeof RECEIPT_STATUSES)[number]>()
})

import type { Rating } from '@groundtrace/statistics'
import * as fc from 'fast-check'

/** Up to 40 ratings of up to 8 units by up to 5 raters, with whole values from 0 to 5: missing ones, and single ones. */
export const someRatings = fc.uniqueArray(
  fc.record({ unit: fc.nat(7), rater: fc.constantFrom('a', 'b', 'c', 'd', 'e'), value: fc.nat(5) }),
  { maxLength: 40, selector: ({ unit, rater }) => `${unit} ${rater}` },
)

/** The same with a new value for each. */
export function withValues<V extends string | number>(
  rows: readonly { unit: number; rater: string; value: number }[],
  change: (value: number) => V,
): (Rating & { value: V })[] {
  return rows.map((row) => ({ ...row, value: change(row.value) }))
}

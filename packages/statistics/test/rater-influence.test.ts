import { krippendorffAlpha, type MeasurementLevel, raterInfluence, ratingsFrom } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { close } from './close.ts'
import { FOUR_OBSERVERS, ratingsOf } from './published-ratings.ts'
import { someRatings } from './random-ratings.ts'
import { refusal } from './refusal.ts'

const LEVELS: readonly MeasurementLevel[] = ['nominal', 'ordinal', 'interval', 'ratio']

describe.each(LEVELS)('at the %s level', (level) => {
  test('alpha without a rater is alpha of the rows of the others', () => {
    fc.assert(
      fc.property(someRatings, (rows) => {
        const all = krippendorffAlpha(rows, { level }).alpha
        for (const { rater, alpha, influence, pairableValues } of raterInfluence(rows, { level })) {
          const units = new Set(rows.filter((row) => row.rater !== rater).map(({ unit }) => unit))
          expect(pairableValues).toBe(rows.filter((row) => row.rater === rater && units.has(row.unit)).length)
          const left = krippendorffAlpha(
            rows.filter((row) => row.rater !== rater),
            { level },
          ).alpha
          expect(alpha).toEqual(close(left))
          expect(influence).toEqual(close(left === undefined || all === undefined ? undefined : all - left))
        }
      }),
      { numRuns: 200 },
    )
  })
})

test('is below 0 for who answers at random, and above 0 for who agrees', () => {
  const [good, , , bad] = raterInfluence(
    ratingsFrom(ratingsOf(['1 2 3 1 2 3 1 2 3', '1 2 3 1 2 3 1 2 3', '1 2 3 1 2 3 1 2 1', '3 3 1 2 1 1 1 3 2'])),
    { level: 'nominal' },
  )
  expect(bad?.influence).toBeLessThan(-0.3)
  expect(good?.influence).toBeGreaterThan(0)
  // Without the last, 26 of 27 values are as the unit has them: one torn unit with 2 of 3 · 2 pairs apart in each order.
  expect(bad?.alpha).toBeCloseTo(1 - (26 * (4 / 2)) / (27 ** 2 - 10 ** 2 - 9 ** 2 - 8 ** 2), 12)
})

test('has one entry per rater, in the order in which they first came', () => {
  const raters = raterInfluence(FOUR_OBSERVERS, { level: 'ordinal' }).map(({ rater }) => rater)
  expect(raters).toEqual([0, 1, 2, 3])
  expect(raterInfluence([], { level: 'nominal' })).toEqual([])
})

test('refuses what alpha refuses', () => {
  expect(() => raterInfluence(FOUR_OBSERVERS, undefined as never)).toThrow(refusal('invalid-argument', /level is/))
  expect(() => raterInfluence([...FOUR_OBSERVERS, ...FOUR_OBSERVERS], { level: 'nominal' })).toThrow(
    refusal('duplicate-rating'),
  )
})

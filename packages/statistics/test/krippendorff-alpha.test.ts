import { krippendorffAlpha, type MeasurementLevel, ratingsFrom } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { close } from './close.ts'
import { definedAlpha } from './defined-alpha.ts'
import { BEN_AND_GERRY, FOUR_OBSERVERS, MEG_AND_OWEN, ratingsOf } from './published-ratings.ts'
import { someRatings, withValues } from './random-ratings.ts'
import { refusal } from './refusal.ts'

const LEVELS: readonly MeasurementLevel[] = ['nominal', 'ordinal', 'interval', 'ratio']

// The figure that Krippendorff (2011) prints, and the fraction that his formulas give, worked out in whole numbers.
test.each([
  ['binary ratings of two observers', MEG_AND_OWEN, 'nominal', '0.095', 2 / 21],
  ['nominal ratings of two observers', BEN_AND_GERRY, 'nominal', '0.692', 155 / 224],
  ['four observers, nominal', FOUR_OBSERVERS, 'nominal', '0.743', 113 / 152],
  ['four observers, ordinal', FOUR_OBSERVERS, 'ordinal', '0.815', 108_577 / 133_160],
  ['four observers, interval', FOUR_OBSERVERS, 'interval', '0.849', 951 / 1120],
  ['four observers, ratio', FOUR_OBSERVERS, 'ratio', '0.797', 18_222_619 / 22_852_465],
] as const)('%s have the alpha that Krippendorff prints', (_, rows, level, printed, exact) => {
  const { alpha } = krippendorffAlpha(rows, { level })
  expect(alpha?.toFixed(3)).toBe(printed)
  expect(alpha).toBeCloseTo(exact, 12)
})

test('gives the disagreements and counts that alpha is made of', () => {
  // Krippendorff (2011), example C, interval: 40 pairable values in 11 units; fractions by exact arithmetic.
  const figures = krippendorffAlpha(FOUR_OBSERVERS, { level: 'interval' })
  expect(figures).toMatchObject({ pairableValues: 40, pairableUnits: 11, interval: undefined, warnings: [] })
  expect(figures.observed).toBeCloseTo(13 / 30, 12)
  expect(figures.expected).toBeCloseTo(112 / 39, 12)
})

describe.each(LEVELS)('at the %s level', (level) => {
  test('equals its definition over all pairs', () => {
    fc.assert(
      fc.property(someRatings, (rows) => {
        const { alpha, observed, expected, pairableValues } = krippendorffAlpha(rows, { level })
        const defined = definedAlpha(rows, level, [0, 1, 2, 3, 4, 5])
        expect({ alpha, observed, expected, pairableValues }).toEqual({
          alpha: close(defined.alpha),
          observed: close(defined.observed),
          expected: close(defined.expected),
          pairableValues: close(defined.pairableValues),
        })
      }),
      { numRuns: 300 },
    )
  })

  test('does not change with the order of the rows, nor with the names of units and raters', () => {
    fc.assert(
      fc.property(someRatings, fc.infiniteStream(fc.double({ noNaN: true })), (rows, keys) => {
        const shuffled = rows.map((row) => ({ row, key: keys.next().value })).sort((a, b) => a.key - b.key)
        const renamed = shuffled.map(({ row }) => ({ ...row, unit: `unit ${7 - row.unit}`, rater: `${row.rater}!` }))
        expect(krippendorffAlpha(renamed, { level }).alpha).toEqual(close(krippendorffAlpha(rows, { level }).alpha))
      }),
    )
  })

  test('is 1 where everybody agrees, below 1 where somebody does not', () => {
    fc.assert(
      fc.property(someRatings, (rows) => {
        const agreeing = rows.map((row) => ({ ...row, value: row.unit }))
        expect(krippendorffAlpha(agreeing, { level }).alpha ?? 1).toBe(1)
        const torn = [...agreeing, { unit: 99, rater: 'a', value: 1 }, { unit: 99, rater: 'b', value: 2 }]
        expect(krippendorffAlpha(torn, { level }).alpha).toBeLessThan(1)
      }),
    )
  })

  test('takes ratings that were read once', () => {
    const rows = FOUR_OBSERVERS
    expect(krippendorffAlpha(ratingsFrom(rows), { level })).toEqual(krippendorffAlpha(new Set(rows), { level }))
  })
})

describe('a change of values that the level does not see leaves alpha as it is:', () => {
  test('other names, at the nominal level', () => {
    fc.assert(
      fc.property(someRatings, (rows) => {
        const named = withValues(rows, (value) => ['red', 'blue', 'green', 'Red', '', 'x'][value] ?? '')
        const { alpha } = krippendorffAlpha(rows, { level: 'nominal' })
        expect(krippendorffAlpha(named, { level: 'nominal' }).alpha).toEqual(close(alpha))
      }),
    )
  })

  test('other values in the same order, at the ordinal level', () => {
    const order = ['none', 'little', 'some', 'much', 'most', 'all']
    fc.assert(
      fc.property(someRatings, (rows) => {
        const { alpha } = krippendorffAlpha(rows, { level: 'ordinal' })
        const cubed = withValues(rows, (value) => value ** 3 - 20)
        expect(krippendorffAlpha(cubed, { level: 'ordinal' }).alpha).toEqual(close(alpha))
        const named = withValues(rows, (value) => order[value] ?? '')
        expect(krippendorffAlpha(named, { level: 'ordinal', order }).alpha).toEqual(close(alpha))
        expect(krippendorffAlpha(named, { level: 'ordinal', order: order.toReversed() }).alpha).toEqual(close(alpha))
      }),
    )
  })

  test('another origin and unit, at the interval level, however large or small', () => {
    const unit = fc.constantFrom(1e-160, 1e-9, 0.3, -1, -7, 1e100, 1e149)
    fc.assert(
      fc.property(someRatings, unit, fc.integer({ min: -1000, max: 1000 }), (rows, factor, offset) => {
        const moved = withValues(rows, (value) => (value + offset) * factor * 1e-3)
        const { alpha } = krippendorffAlpha(rows, { level: 'interval' })
        expect(krippendorffAlpha(moved, { level: 'interval' }).alpha).toEqual(close(alpha))
      }),
    )
  })

  test('another unit, at the ratio level', () => {
    fc.assert(
      fc.property(someRatings, fc.constantFrom(1e-12, 0.3, 7, 1e100), (rows, factor) => {
        const scaled = withValues(rows, (value) => value * factor)
        const { alpha } = krippendorffAlpha(rows, { level: 'ratio' })
        expect(krippendorffAlpha(scaled, { level: 'ratio' }).alpha).toEqual(close(alpha))
      }),
    )
  })
})

test('a unit with one rating changes nothing', () => {
  const more = [...FOUR_OBSERVERS, { unit: 'lonely', rater: 0, value: 9 }]
  for (const level of LEVELS) {
    const { alpha, pairableValues } = krippendorffAlpha(more, { level })
    expect(alpha).toBeCloseTo(krippendorffAlpha(FOUR_OBSERVERS, { level }).alpha ?? Number.NaN, 12)
    expect(pairableValues).toBe(40)
  }
})

const why = (rows: Parameters<typeof krippendorffAlpha>[0]) => {
  const { alpha, band, warnings } = krippendorffAlpha(rows, { level: 'nominal', bootstrap: {} })
  return [alpha, band, warnings.map(({ code }) => code)]
}

describe('is undefined, with a warning that says why,', () => {
  test('without ratings, and where no unit has two', () => {
    expect(why([])).toEqual([undefined, undefined, ['no-pairable-values']])
    expect(why(ratingsOf(['1 2 .', '. . 3']))).toEqual([undefined, undefined, ['no-pairable-values']])
  })

  test('where all that can be compared is the same', () => {
    expect(why(ratingsOf(['1 1 2', '1 1 .']))).toEqual([undefined, undefined, ['no-variation']])
  })
})

/** Two raters, two classes: twice as many units as the first number agree, as many as the second do not. */
const torn = (agreeing: number, disagreeing: number) =>
  ratingsOf(
    ['a b', 'b a'].map((pair) =>
      [...Array.from({ length: agreeing }, () => 'a b'), ...Array.from({ length: disagreeing / 2 }, () => pair)].join(
        ' ',
      ),
    ),
  )

describe('is read as', () => {
  // By hand: 1 − (n − 1) · torn · 2 / (n² / 2) with n = 4 · agreeing + 2 · torn.
  test.each([
    ['reliable', 100, 10, 1 - (419 * 20) / (420 ** 2 / 2)],
    ['tentative', 100, 30, 1 - (459 * 60) / (460 ** 2 / 2)],
    ['unreliable', 100, 60, 1 - (519 * 120) / (520 ** 2 / 2)],
  ] as const)('%s where %d · 2 units agree and %d do not', (band, agreeing, disagreeing, exact) => {
    const figures = krippendorffAlpha(torn(agreeing, disagreeing), { level: 'nominal' })
    expect(figures.alpha).toBeCloseTo(exact, 12)
    expect(figures.band).toBe(band)
  })

  test('what the lower end of its interval is read as', () => {
    const rows = torn(100, 20)
    const { alpha, band } = krippendorffAlpha(rows, { level: 'nominal' })
    const sure = krippendorffAlpha(rows, { level: 'nominal', bootstrap: {} })
    expect([alpha !== undefined && alpha > 0.8, band]).toEqual([true, 'reliable'])
    expect([sure.interval !== undefined && sure.interval[0] < 0.8, sure.band]).toEqual([true, 'tentative'])
  })
})

test('warns of one value so frequent that alpha rests on the few others', () => {
  // Feinstein and Cicchetti's paradox: 96 of 100 units agree, and alpha is below 0.
  const usual = Array.from({ length: 96 }, () => '1').join(' ')
  const { alpha, warnings } = krippendorffAlpha(ratingsOf([`${usual} 1 1 2 2`, `${usual} 2 2 1 1`]), {
    level: 'nominal',
  })
  expect(alpha).toBeCloseTo(1 - (199 * 8) / (2 * 196 * 4), 12)
  expect(warnings.map(({ code }) => code)).toEqual(['prevalence'])
  expect(warnings[0]?.message).toContain('1 makes up 98.0 % of all values')
  expect(krippendorffAlpha(BEN_AND_GERRY, { level: 'nominal' }).warnings).toEqual([])
})

test('holds for a unit of many ratings', () => {
  // 60 raters of two units: 30 · 29 · 2 of 60 · 59 pairs agree in the torn one; 90 and 30 of 120 values.
  const rows = Array.from({ length: 60 }, (_, rater) => [
    { unit: 'torn', rater, value: rater % 2 },
    { unit: 'agreed', rater, value: 0 },
  ]).flat()
  const observed = (2 * 30 * 30) / 59 / 120
  const expected = (2 * 90 * 30) / (120 * 119)
  expect(krippendorffAlpha(rows, { level: 'nominal' }).alpha).toBeCloseTo(1 - observed / expected, 12)
})

describe('refuses', () => {
  const rows = MEG_AND_OWEN

  test.each([
    ['no options', undefined, /level is undefined/],
    ['an unknown level', { level: 'cardinal' }, /level is "cardinal"/],
    ['resamples that are no number', { level: 'nominal', bootstrap: { resamples: 1.5 } }, /bootstrap.resamples is/],
    ['too few resamples for the level', { level: 'nominal', bootstrap: { resamples: 38 } }, /Pass at least 39/],
    ['a level of the interval of 1', { level: 'nominal', bootstrap: { level: 1 } }, /level is 1/],
    ['a bootstrap that is no object', { level: 'nominal', bootstrap: 1000 }, /bootstrap is 1000\. .*resamples/],
    ['random numbers that are none', { level: 'nominal', bootstrap: { random: () => 1 } }, /random number is 1/],
    ['an order that is none', { level: 'ordinal', order: 7 }, /order is 7/],
    ['an order that repeats itself', { level: 'ordinal', order: [0, 1, 0] }, /order is/],
    ['an order without a value that occurs', { level: 'ordinal', order: [0, 2] }, /order does not have the value 1/],
  ])('%s', (_, options, cause) => {
    expect(() => krippendorffAlpha(rows, options as never)).toThrow(refusal('invalid-argument', cause))
  })

  test.each(['interval', 'ratio', 'ordinal'] as const)('texts at the %s level', (level) => {
    expect(() => krippendorffAlpha(BEN_AND_GERRY, { level })).toThrow(refusal('invalid-argument', /value is "a"/))
  })

  test('values below 0 at the ratio level, and values too large to square', () => {
    const negative = [{ unit: 1, rater: 1, value: -1 }]
    expect(() => krippendorffAlpha(negative, { level: 'ratio' })).toThrow(refusal('invalid-argument', /value is -1/))
    const huge = [{ unit: 1, rater: 1, value: 1e160 }]
    expect(() => krippendorffAlpha(huge, { level: 'interval' })).toThrow(refusal('invalid-argument', /value is 1e/))
  })

  test('a second rating by the same rater, rows that are none, and no rows', () => {
    const twice = [...rows, { unit: 0, rater: 0, value: 1 }]
    expect(() => krippendorffAlpha(twice, { level: 'nominal' })).toThrow(
      refusal('duplicate-rating', /Rater 0 .*unit 0/),
    )
    expect(() => krippendorffAlpha([7] as never, { level: 'nominal' })).toThrow(
      refusal('invalid-argument', /rows\[0\]/),
    )
    expect(() => krippendorffAlpha(undefined as never, { level: 'nominal' })).toThrow(refusal('invalid-argument'))
  })
})

import { propensityWeightedPrecision, propensityWeightedRecall } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'
import { LIVE, rows, type StratumRow, strataOf, unitsOf, ways } from './revealed-units.ts'

describe('laws', () => {
  test('intervals hold the estimate and stay within [0, 1], at any level', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (list, level) => {
        for (const options of ways(list)) {
          for (const figure of [propensityWeightedPrecision, propensityWeightedRecall]) {
            const { estimate = -1, interval = [1, 0] } = figure(unitsOf(list), { ...options, level })
            const ends = [0, interval[0], estimate, interval[1], 1]
            for (const [at, end] of ends.entries()) expect(end).toBeGreaterThanOrEqual((ends[at - 1] ?? 0) - 1e-12)
            expect(interval.every((end) => end >= 0 && end <= 1)).toBe(true)
          }
        }
      }),
    )
  })

  test('intervals do not contradict what was seen', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const blocked = list.filter(({ predicted }) => predicted)
        const total = (figure: (row: StratumRow) => number) => blocked.reduce((sum, row) => sum + figure(row), 0)
        const { interval = [0, 1] } = propensityWeightedPrecision(unitsOf(list), { strata: strataOf(list) })
        expect(interval[0] * total(({ count }) => count)).toBeGreaterThanOrEqual(
          total(({ positive }) => positive) - 1e-9,
        )
        expect((1 - interval[1]) * total(({ count }) => count)).toBeGreaterThanOrEqual(
          total(({ revealed, positive }) => revealed - positive) - 1e-9,
        )
      }),
    )
  })

  test('the order of units and strata does not matter', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const turned = list.toReversed()
        for (const [at, options] of ways(list).entries()) {
          for (const figure of [propensityWeightedPrecision, propensityWeightedRecall]) {
            const forth = figure(unitsOf(list), options)
            const back = figure(unitsOf(turned).toReversed(), ways(turned)[at])
            expect(back.estimate).toBeCloseTo(forth.estimate ?? Number.NaN, 9)
            expect(back.interval?.[0]).toBeCloseTo(forth.interval?.[0] ?? Number.NaN, 9)
            expect(back.interval?.[1]).toBeCloseTo(forth.interval?.[1] ?? Number.NaN, 9)
          }
        }
      }),
    )
  })

  test('a stratum listed in parts is the stratum', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const parts = strataOf(list).flatMap((row) => [
          { ...row, count: Math.floor(row.count / 3) },
          { ...row, count: row.count - Math.floor(row.count / 3) },
        ])
        expect(propensityWeightedRecall(unitsOf(list), { strata: parts })).toEqual(
          propensityWeightedRecall(unitsOf(list), { strata: strataOf(list) }),
        )
      }),
    )
  })

  test('where the revealed counts are as expected, both ways agree', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const expected = list.map((row) => ({ ...row, propensity: row.revealed / row.count }))
        const distinct = [...new Map(expected.map((row) => [`${row.predicted} ${row.propensity}`, row])).values()]
        const [known = {}, unknown = {}] = ways(distinct)
        expect(propensityWeightedPrecision(unitsOf(distinct), known).estimate).toBeCloseTo(
          propensityWeightedPrecision(unitsOf(distinct), unknown).estimate ?? Number.NaN,
          9,
        )
      }),
    )
  })
})

describe('refuses', () => {
  const unit = { predicted: true, truth: true, propensity: 0.25 }
  const both = strataOf(LIVE)
  test.each([
    ['a unit of no listed stratum', [{ ...unit, propensity: 0.2 }], { strata: both }, 'unknown-stratum'],
    [
      'more revealed than there are',
      [unit, unit],
      { strata: [{ ...unit, count: 1 }, ...both.slice(1)] },
      'impossible-counts',
    ],
    ['a propensity of 0', [{ ...unit, propensity: 0 }], {}, 'invalid-argument'],
    ['a missing propensity', [{ predicted: true, truth: true }], {}, 'invalid-argument'],
    ['unknown truth', [{ ...unit, truth: undefined }], {}, 'invalid-argument'],
    ['a prediction that is no boolean', [{ ...unit, predicted: 'spam' }], {}, 'invalid-argument'],
    ['a unit that is no object', [null], {}, 'invalid-argument'],
    ['units that are no list', 7, {}, 'invalid-argument'],
    ['a stratum that is no object', [unit], { strata: [null] }, 'invalid-argument'],
    ['half a unit in a stratum', [unit], { strata: [{ ...unit, count: 2.5 }] }, 'invalid-argument'],
    ['strata that are no list', [unit], { strata: 5 }, 'invalid-argument'],
    ['a level of 95', [unit], { level: 95 }, 'invalid-argument'],
  ] as const)('%s', (_, units, options, code) => {
    expect(() => propensityWeightedPrecision(units as never, options as never)).toThrow(refusal(code))
    expect(() => propensityWeightedRecall(units as never, options as never)).toThrow(refusal(code))
  })

  test.each([true, false])('for recall, strata of one side only (%s)', (side) => {
    const strata = both.filter(({ predicted }) => predicted === side)
    expect(() => propensityWeightedRecall([], { strata })).toThrow(refusal('invalid-argument', /strata list no units/))
  })
})

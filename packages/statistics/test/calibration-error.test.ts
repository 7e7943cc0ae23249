import { calibrationError, seededRandom, wilsonInterval } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'

const SCORES = [0.1, 0.1, 0.35, 0.4, 0.8, 0.95, 1, 0]
const TRUTHS = [false, true, false, true, true, true, true, false]

const units = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 1 })

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

test('errors and Brier score are those of an independent calculation', () => {
  // By hand, and with NumPy: bins of 0.2 hold {0.1, 0.1, 0}, {0.35}, {0.4}, {}, {0.8, 0.95, 1}.
  // Gaps: 1/3 − 0.2/3, 0.35, 0.6, –, 1 − 2.75/3; weighted by count: (0.8 + 0.35 + 0.6 + 0.25) / 8.
  const { expectedCalibrationError, maximumCalibrationError, brierScore, total } = calibrationError(SCORES, TRUTHS, {
    bins: 5,
  })
  expect(total).toBe(8)
  expect(expectedCalibrationError).toBeCloseTo(0.25, 12)
  expect(maximumCalibrationError).toBeCloseTo(0.6, 12)
  expect(brierScore).toBeCloseTo(0.168125, 12)
})

test('bins tell count, mean score and positive share with Wilson’s interval; empty ones tell nothing', () => {
  const { bins } = calibrationError(SCORES, TRUTHS, { bins: 5, level: 0.9 })
  expect(bins.map(({ count }) => count)).toEqual([3, 1, 1, 0, 3])
  expect(bins[0]).toMatchObject({
    low: 0,
    high: 0.2,
    positiveShare: 1 / 3,
    interval: wilsonInterval(1, 3, { level: 0.9 }),
  })
  expect(bins[0]?.meanScore).toBeCloseTo(0.2 / 3, 14)
  expect(bins[3]).toEqual({
    low: 3 / 5,
    high: 4 / 5,
    count: 0,
    meanScore: undefined,
    positiveShare: undefined,
    interval: undefined,
  })
})

test('a score on an edge belongs to the bin above, and 1 to the last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(200), (bins, at) => {
      const edge = Math.min(at, bins) / bins
      const { bins: filled } = calibrationError([edge], [1], { bins })
      const holder = filled.find(({ count }) => count === 1)
      expect(holder?.low).toBe(edge === 1 ? (bins - 1) / bins : edge)
    }),
  )
})

test('ten bins by default, and truth as 0 and 1', () => {
  const { bins, brierScore } = calibrationError([0.5, 0.5], [0, 1])
  expect(bins).toHaveLength(10)
  expect(brierScore).toBe(0.25)
})

test('without units the figures are undefined', () => {
  expect(calibrationError([], [])).toMatchObject({
    total: 0,
    expectedCalibrationError: undefined,
    maximumCalibrationError: undefined,
    brierScore: undefined,
  })
})

describe('laws', () => {
  test('0 ≤ expected ≤ maximum ≤ 1, whatever the order of the units', () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 1, max: 30 }), (list, bins) => {
        const measure = (rows: typeof list) =>
          calibrationError(
            rows.map(([score]) => score),
            rows.map(([, truth]) => truth),
            { bins },
          )
        const [forth, back] = [measure(list), measure(list.toReversed())]
        expect(forth.expectedCalibrationError).toBeGreaterThanOrEqual(0)
        expect(forth.expectedCalibrationError).toBeLessThanOrEqual((forth.maximumCalibrationError ?? 0) + 1e-12)
        expect(forth.maximumCalibrationError).toBeLessThanOrEqual(1 + 1e-12)
        expect(back.expectedCalibrationError).toBeCloseTo(forth.expectedCalibrationError ?? -1, 10)
        expect(forth.bins.reduce((sum, { count }) => sum + count, 0)).toBe(list.length)
      }),
    )
  })

  test('with one bin the expected error is |share of positives − mean score|', () => {
    fc.assert(
      fc.property(units, (list) => {
        const scores = list.map(([score]) => score)
        const truths = list.map(([, truth]) => Number(truth))
        expect(calibrationError(scores, truths, { bins: 1 }).expectedCalibrationError).toBeCloseTo(
          Math.abs(mean(truths) - mean(scores)),
          10,
        )
      }),
    )
  })

  test('scores that are the true probabilities have a small error, and squared ones a large one', () => {
    // ∫ |s − s²| ds over [0, 1] = 1/6.
    const random = seededRandom('calibrated')
    const claimed = Array.from({ length: 40_000 }, random)
    const truths = claimed.map((score) => random() < score)
    expect(calibrationError(claimed, truths).expectedCalibrationError).toBeLessThan(0.01)
    const squared = claimed.map((score) => score ** 2)
    expect(calibrationError(squared, truths, { bins: 50 }).expectedCalibrationError).toBeCloseTo(1 / 6, 1.9)
  })
})

test.each([
  ['scores above 1', [1.2], [1], {}, 'invalid-argument'],
  ['scores below 0', [-0.1], [1], {}, 'invalid-argument'],
  ['scores that are no numbers', ['a'], [1], {}, 'invalid-argument'],
  ['truths that are neither', [0.5], [2], {}, 'invalid-argument'],
  ['unknown truth', [0.5], [undefined], {}, 'invalid-argument'],
  ['lists of different length', [0.5], [1, 0], {}, 'length-mismatch'],
  ['no bins', [0.5], [1], { bins: 0 }, 'invalid-argument'],
  ['half a bin', [0.5], [1], { bins: 2.5 }, 'invalid-argument'],
  ['nothing iterable', 5, [1], {}, 'invalid-argument'],
] as const)('refuses %s', (_, scores, truths, options, code) => {
  expect(() => calibrationError(scores as never, truths as never, options)).toThrow(refusal(code))
})

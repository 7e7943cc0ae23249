import { entropyUncertainty, leastConfidence, marginUncertainty } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'

const MEASURES = { leastConfidence, marginUncertainty, entropyUncertainty }

const distribution = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 })
  .filter((list) => list.some((value) => value > 1e-3))
  .map((list) => {
    const total = list.reduce((sum, value) => sum + value, 0)
    return list.map((value) => value / total)
  })

test('are by hand what they are for 1/2, 3/8, 1/8', () => {
  const p = [0.375, 0.5, 0.125]
  expect(leastConfidence(p)).toBe(0.5)
  expect(marginUncertainty(p)).toBe(0.875)
  // ½ ln 2 + ⅜ ln(8/3) + ⅛ ln 8 = 2 ln 2 − ⅜ ln 3.
  expect(entropyUncertainty(p)).toBeCloseTo(2 * Math.LN2 - 0.375 * Math.log(3), 14)
  expect(entropyUncertainty(Float64Array.from(p))).toBe(entropyUncertainty(p))
})

describe.each(Object.entries(MEASURES))('%s', (_, measure) => {
  test('is exactly 0 where one class is certain', () => {
    for (const p of [[1], [0, 1], [0, 0, 1, 0]]) expect(measure(p)).toBe(0)
  })

  test('is highest where all classes are equally likely, and the order of the classes does not matter', () => {
    fc.assert(
      fc.property(distribution, (p) => {
        const uniform = p.map(() => 1 / p.length)
        expect(measure(p)).toBeLessThanOrEqual(measure(uniform) + 1e-12)
        expect(measure(p)).toBeGreaterThanOrEqual(0)
        expect(measure(p.toReversed())).toBeCloseTo(measure(p), 12)
      }),
    )
  })

  test('takes probabilities that were rounded', () => {
    expect(measure([0.333, 0.333, 0.333])).toBeGreaterThan(0)
  })

  test.each([
    ['no classes', [], /sum of probabilities is 0/],
    ['probabilities that do not add up to 1', [0.5, 0.4], /sum of probabilities is 0.9/],
    ['percentages', [60, 40], /probabilities\[0\] is 60/],
    ['a negative probability', [1.0, -0.001], /probabilities\[1\] is -0.001/],
    ['a probability that is no number', [1, Number.NaN], /probabilities\[1\] is NaN/],
    ['a probability that is missing', [1, undefined], /probabilities\[1\] is undefined/],
    ['nothing', undefined, /probabilities is undefined/],
  ] as const)('refuses %s', (_, p, cause) => {
    expect(() => measure(p as never)).toThrow(refusal('invalid-argument', cause))
  })
})

test('are the same order for two classes', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
      if (Math.abs(Math.abs(a - 0.5) - Math.abs(b - 0.5)) < 1e-6) return
      const surer = Math.abs(a - 0.5) > Math.abs(b - 0.5)
      for (const measure of Object.values(MEASURES)) {
        expect(measure([a, 1 - a]) < measure([b, 1 - b])).toBe(surer)
      }
    }),
  )
})

import { effectiveSampleSize } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { refusal } from './refusal.ts'

const weights = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 50 })

test('is (Σw)² / Σw²', () => {
  // (1 + 2 + 3)² / (1 + 4 + 9) = 36 / 14.
  expect(effectiveSampleSize([1, 2, 3])).toBeCloseTo(36 / 14, 14)
  expect(effectiveSampleSize(new Set([1, 3]))).toBeCloseTo(16 / 10, 14)
})

test('is the number of units for equal weights, and never more', () => {
  fc.assert(
    fc.property(weights, (list) => {
      expect(effectiveSampleSize(list.map(() => list[0] ?? 1))).toBeCloseTo(list.length, 9)
      expect(effectiveSampleSize(list)).toBeLessThanOrEqual(list.length + 1e-9)
      expect(effectiveSampleSize(list)).toBeGreaterThanOrEqual(1 - 1e-9)
    }),
  )
})

test('does not change with the unit of the weights', () => {
  fc.assert(
    fc.property(weights, fc.constantFrom(1e-200, 0.5, 7, 1e200), (list, factor) => {
      expect(effectiveSampleSize(list.map((weight) => weight * factor))).toBeCloseTo(effectiveSampleSize(list), 9)
    }),
  )
})

test('is 0 without units', () => {
  expect(effectiveSampleSize([])).toBe(0)
})

test.each([[[1, 0]], [[1, -1]], [[Number.NaN]], [[Infinity]], [['1']], [undefined], ['12']])(
  'refuses the weights %j',
  (list) => {
    expect(() => effectiveSampleSize(list as never)).toThrow(refusal('invalid-argument', /weights/))
  },
)

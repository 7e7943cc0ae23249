import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { holmAdjusted } from '../src/holm.ts'
import { near } from './consensus/near.ts'

test('adjusts the smallest p-value most, and keeps their order', () => {
  // Exact: 4 · .005, 3 · .01, 2 · .03, then at least as much as the one before.
  expect(holmAdjusted([0.01, 0.04, 0.03, 0.005])).toEqual(near([0.03, 0.06, 0.06, 0.02], 1e-12))
  expect(holmAdjusted([])).toEqual([])
  expect(holmAdjusted([0.7, 0.6])).toEqual([1, 1])
})

test('lies between no adjustment and that of Bonferroni', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (pValues) => {
      for (const [index, adjusted] of holmAdjusted(pValues).entries()) {
        const own = pValues[index] ?? Number.NaN
        expect(adjusted).toBeGreaterThanOrEqual(own)
        expect(adjusted).toBeLessThanOrEqual(Math.min(1, own * pValues.length))
      }
      const least = Math.min(...pValues)
      expect(Math.min(...holmAdjusted(pValues))).toBeCloseTo(Math.min(1, least * pValues.length), 12)
    }),
  )
})

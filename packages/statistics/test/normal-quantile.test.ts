import { normalQuantile } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { refusal } from './refusal.ts'

// √2 erf⁻¹(2p − 1) by mpmath, rounded to doubles; to 4 decimals the same as Table A-1 of any statistics text.
const TABLE = [
  [0.5, 0],
  [0.6, 0.2533471031357998],
  [0.75, 0.6744897501960817],
  [0.9, 1.2815515655446004],
  [0.95, 1.6448536269514726],
  [0.975, 1.9599639845400543],
  [0.99, 2.326347874040841],
  [0.995, 2.575829303548901],
  [0.999, 3.0902323061678136],
  [0.9999, 3.7190164854556804],
  [0.99999, 4.264890793922825],
  [1e-10, -6.361340902404057],
  [1e-20, -9.262340089798407],
  [1e-100, -21.273453560965326],
  [1e-300, -37.0470962993612],
] as const

/** A double next to 1 is off by up to 2⁻⁵⁴, which moves the quantile by that much over the density. */
function rounding(quantile: number, p: number): number {
  const density = Math.exp((-quantile * quantile) / 2) / Math.sqrt(2 * Math.PI)
  return p > 0.5 ? 2 ** -53 / density : 0
}

test.each(TABLE)('the quantile at %d is the tabled one, to 15 digits', (p, expected) => {
  const allowed = 1e-15 * Math.max(1, Math.abs(expected)) + rounding(expected, p)
  expect(Math.abs(normalQuantile(p) - expected)).toBeLessThanOrEqual(allowed)
})

test('matches the check values that Wichura gives with his algorithm', () => {
  // Applied Statistics 37 (1988), the check values at p = 0.25, 0.001 and 1e-20.
  expect(normalQuantile(0.25)).toBeCloseTo(-0.6744897501960817, 15)
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167814, 14)
  expect(normalQuantile(1e-20)).toBeCloseTo(-9.26234008979841, 13)
})

test('is odd about one half and rises', () => {
  const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true })
  fc.assert(
    fc.property(probability, probability, (p, q) => {
      const value = normalQuantile(p)
      const allowed = 4e-15 * Math.max(1, Math.abs(value)) + 2 * rounding(value, 1)
      expect(Math.abs(value + normalQuantile(1 - p))).toBeLessThanOrEqual(allowed)
      expect(normalQuantile(Math.min(p, q))).toBeLessThanOrEqual(normalQuantile(Math.max(p, q)))
    }),
  )
})

test.each([0, 1, -0.1, 1.1, Number.NaN, Infinity])('refuses the probability %d', (p) => {
  expect(() => normalQuantile(p)).toThrow(refusal('invalid-argument', /p is/))
})

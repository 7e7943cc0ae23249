import { normalQuantile } from '@groundtrace/statistics'
import { expect, test } from 'vitest'
import { twoSidedNormal } from '../src/normal-tail.ts'

test.each([0.9, 0.5, 0.1, 0.05, 0.0027, 1e-3, 1e-6, 1e-12])('undoes the quantile at %d', (share) => {
  const z = normalQuantile(share / 2)
  expect(twoSidedNormal(z) / share).toBeCloseTo(1, 10)
  expect(twoSidedNormal(-z)).toBe(twoSidedNormal(z))
})

test('is what tables say', () => {
  // Abramowitz & Stegun, table 26.1: Q(1) = 0.158655 2539, Q(3) = 0.001349 8980; Q(5) from table 26.2: log10 = −6.54265.
  expect(twoSidedNormal(0)).toBe(1)
  expect(twoSidedNormal(1)).toBeCloseTo(2 * 0.1586552539, 9)
  expect(twoSidedNormal(3)).toBeCloseTo(2 * 0.001349898, 9)
  expect(Math.log10(twoSidedNormal(5) / 2)).toBeCloseTo(-6.54265, 5)
  expect(twoSidedNormal(Infinity)).toBe(0)
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitPlattScaling, logistic } from '../src/calibration.ts'

const margin = fc.double({ min: -20, max: 20, noNaN: true })
const cases = fc.array(
  fc.record({ margin, isPositive: fc.boolean(), weight: fc.double({ min: 0.1, max: 10, noNaN: true }) }),
  {
    minLength: 3,
    maxLength: 40,
  },
)

const fit = (rows: readonly { margin: number; isPositive: boolean; weight: number }[]) =>
  fitPlattScaling(
    Float64Array.from(rows, (row) => row.margin),
    Int8Array.from(rows, ({ isPositive }) => (isPositive ? 1 : -1)),
    Float64Array.from(rows, ({ weight }) => weight),
  )

describe('fitPlattScaling', () => {
  // At the minimum of the weighted cross entropy, Σ w (p − t) = 0 and Σ w (p − t) m = 0, with Platt's targets t.
  test('ends where both derivatives of the loss are 0', () => {
    fc.assert(
      fc.property(cases, (rows) => {
        const positives = rows.filter(({ isPositive }) => isPositive).length
        const { slope, intercept } = fit(rows)
        let [byIntercept, bySlope] = [0, 0]
        for (const { margin, isPositive, weight } of rows) {
          const target = isPositive ? (positives + 1) / (positives + 2) : 1 / (rows.length - positives + 2)
          const error = weight * (1 / (1 + Math.exp(-(slope * margin + intercept))) - target)
          byIntercept += error
          bySlope += error * margin
        }
        expect(Math.abs(byIntercept)).toBeLessThan(1e-4)
        expect(Math.abs(bySlope)).toBeLessThan(1e-3)
      }),
    )
  })

  // Two margins ±1 with Platt's targets of one row each: 2/3 and 1/3. The curve through both has intercept 0 and slope log 2.
  test('solves the case that can be solved by hand', () => {
    const { slope, intercept } = fit([
      { margin: 1, isPositive: true, weight: 1 },
      { margin: -1, isPositive: false, weight: 1 },
    ])
    expect(slope).toBeCloseTo(Math.log(2), 7)
    expect(intercept).toBeCloseTo(0, 7)
  })

  test('stays finite where the margins separate the classes', () => {
    const rows = Array.from({ length: 100 }, (_, index) => ({
      margin: index - 49.5,
      isPositive: index >= 50,
      weight: 1,
    }))
    const { slope, intercept } = fit(rows)
    expect(Number.isFinite(slope) && slope > 0).toBe(true)
    expect(intercept).toBeCloseTo(0, 6)
  })
})

describe('logistic', () => {
  // Odds of 3 to 1 are three quarters; the limits are exact in floating point.
  test('turns log odds into probabilities, at any size', () => {
    expect(logistic(0)).toBe(0.5)
    expect(logistic(Math.log(3))).toBeCloseTo(0.75, 15)
    expect(logistic(1e6)).toBe(1)
    expect(logistic(-1e6)).toBe(0)
    expect(logistic(-700)).toBeGreaterThan(0)
  })

  test('gives complements for opposite values', () => {
    fc.assert(
      fc.property(margin, (value) => {
        expect(logistic(value) + logistic(-value)).toBeCloseTo(1, 14)
      }),
    )
  })
})

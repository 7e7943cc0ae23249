import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { betaQuantile, incompleteBeta } from '../src/incomplete-beta.ts'
import { logGamma } from '../src/log-gamma.ts'
import { studentDeviate } from '../src/student-quantile.ts'

const relative = (value: number, expected: number) => Math.abs(value / expected - 1)

// mpmath with 40 digits, rounded to doubles.
test.each([
  [0.001, 6.907178885383853],
  [0.5, 0.5723649429247001],
  [1.5, -0.12078223763524522],
  [3.25, 0.9358019311087253],
  [10, 12.801827480081469],
  [123.456, 469.6055471299295],
  [1000, 5905.22042320918],
])('ln Γ(%d) is right to 1e-14', (x, expected) => {
  expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-14 * Math.max(1, expected))
})

describe('the incomplete beta function', () => {
  // mpmath for the first three (the first is also 1 − 0.7⁴ − 4·0.3·0.7³, by hand), SciPy 1.17 for the rest.
  test.each([
    [0.3, 2, 3, 0.3483],
    [0.5, 0.5, 0.5, 0.5],
    [0.01, 0.3, 40, 0.7757445280124585],
    [0.999, 200, 0.7, 0.6709431007292512],
    [0.9, 5.333, 0.667, 0.39807240508526415],
    [0.02, 1.3333, 149.6667, 0.9141642164279853],
    [0.25, 1e5, 3e5, 0.5002427886356727],
    [0.2502, 1e5, 3e5, 0.6151147739433709],
  ])('at %d for %d and %d is right to 9 digits', (x, a, b, expected) => {
    expect(relative(incompleteBeta(x, a, b), expected)).toBeLessThan(1e-9)
  })

  test('is the binomial tail for whole parameters', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(39),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, at, p) => {
          const least = (at % n) + 1
          let [term, tail] = [(1 - p) ** n, 0]
          for (let k = 0; k <= n; k += 1) {
            if (k >= least) tail += term
            term *= ((n - k) / (k + 1)) * (p / (1 - p))
          }
          expect(incompleteBeta(p, least, n - least + 1)).toBeCloseTo(tail, 11)
        },
      ),
    )
  })

  test('is 0 at 0 and 1 at 1', () => {
    expect(incompleteBeta(0, 2, 3)).toBe(0)
    expect(incompleteBeta(1, 2, 3)).toBe(1)
  })
})

describe('the beta quantile', () => {
  // SciPy 1.17, betaincinv.
  test.each([
    [0.025, 4 / 3, 449 / 3, 0.0004934865681196417],
    [0.975, 182 / 3, 1 / 3, 0.9999998155891987],
    [0.975, 4.5, 96.5, 0.09228964204148163],
    [0.025, 1000.3, 5000.6, 0.15736869296202763],
    [0.001, 0.4, 0.4, 1.1749439754275391e-7],
  ])('of %d for %d and %d is right to 12 digits', (p, a, b, expected) => {
    expect(relative(betaQuantile(p, a, b), expected)).toBeLessThan(1e-12)
  })

  test('is where the function passes the probability', () => {
    const shape = fc.double({ min: 0.34, max: 2000, noNaN: true })
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), shape, shape, (p, a, b) => {
        const quantile = betaQuantile(p, a, b)
        expect(incompleteBeta(quantile * (1 - 1e-11), a, b)).toBeLessThanOrEqual(p)
        expect(incompleteBeta(quantile * (1 + 1e-11), a, b)).toBeGreaterThanOrEqual(p)
      }),
    )
  })
})

// Student's table as printed in textbooks, with the digits of SciPy 1.17.
test.each([
  [0.95, 1, 12.706204736174694],
  [0.95, 2, 4.302652729749462],
  [0.95, 10, 2.228138851986274],
  [0.95, 30, 2.0422724563012378],
  [0.99, 4, 4.604094871349992],
  [0.9, 7.5, 1.8757474792112878],
  [0.95, 1.01, 12.412738499102536],
  [0.95, 1e5, 1.9599877075346095],
])('Student’s deviate at level %d with %d degrees of freedom is the tabled one', (level, freedom, expected) => {
  expect(relative(studentDeviate(level, freedom), expected)).toBeLessThan(1e-10)
})

import { seededRandom } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { logGamma } from '../src/log-gamma.ts'
import { binomialSample, multinomialSampler } from '../src/multinomial-sample.ts'

const DRAWS = 40_000

function binomialProbability(n: number, k: number, p: number): number {
  const choose = logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
  return Math.exp(choose + k * Math.log(p) + (n - k) * Math.log1p(-p))
}

/** Pearson's statistic of the draws against the exact distribution, rare values lumped together, and its freedom. */
function fit(n: number, p: number, counts: ReadonlyMap<number, number>): { statistic: number; freedom: number } {
  let [statistic, cells, rareExpected, rareSeen] = [0, 0, 0, 0]
  for (let k = 0; k <= n; k += 1) {
    const expected = DRAWS * binomialProbability(n, k, p)
    const seen = counts.get(k) ?? 0
    if (expected >= 5) {
      statistic += (seen - expected) ** 2 / expected
      cells += 1
    } else {
      rareExpected += expected
      rareSeen += seen
    }
  }
  return { statistic: statistic + (rareSeen - rareExpected) ** 2 / Math.max(rareExpected, 1), freedom: cells }
}

describe('a binomial count', () => {
  // By counting up (means below 10), by rejection, and from the other end; expected: the exact probabilities.
  test.each([
    [1, 0.3],
    [5, 0.5],
    [30, 0.1],
    [1000, 0.005],
    [25, 0.4],
    [100, 0.5],
    [400, 0.03],
    [3000, 0.25],
    [60, 0.9],
    [20_000, 0.999],
  ])('of %d at %d has the exact distribution', (n, p) => {
    const random = seededRandom(`binomial ${n} ${p}`)
    const counts = new Map<number, number>()
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const k = binomialSample(n, p, random)
      counts.set(k, (counts.get(k) ?? 0) + 1)
    }
    const { statistic, freedom } = fit(n, p, counts)
    // A chi-squared variable is within four deviations of its mean all but once in thousands of times.
    expect(statistic).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom))
  })

  test('of a huge number has the right mean and variance', () => {
    const random = seededRandom('huge')
    const draws = Array.from({ length: 20_000 }, () => binomialSample(1e9, 0.2, random))
    const deviation = Math.sqrt(1e9 * 0.2 * 0.8)
    const scores = draws.map((draw) => (draw - 2e8) / deviation)
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
    const variance = scores.reduce((sum, score) => sum + score ** 2, 0) / scores.length
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(20_000))
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 20_000))
  })

  test('is certain at 0 and 1', () => {
    const random = seededRandom('certain')
    expect(binomialSample(7, 0, random)).toBe(0)
    expect(binomialSample(7, 1, random)).toBe(7)
    expect(binomialSample(0, 0.5, random)).toBe(0)
  })
})

describe('multinomial counts', () => {
  test('use up all units, and none in a bin without share', () => {
    const share = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true }))
    const shares = fc.array(share, { minLength: 1, maxLength: 20 }).filter((list) => list.some((value) => value > 0))
    fc.assert(
      fc.property(shares, fc.integer({ min: 1, max: 1e6 }), fc.string(), (list, units, seed) => {
        const total = list.reduce((sum, value) => sum + value, 0)
        const sample = multinomialSampler(
          list.map((value) => value / total),
          seededRandom(seed),
        )
        const counts = sample(units)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(units)
        expect(counts.filter((count, bin) => count < 0 || (list[bin] === 0 && count > 0))).toEqual([])
      }),
    )
  })

  test('have the multinomial means and covariances', () => {
    const shares = [0.5, 0.3, 0.15, 0.05]
    const sample = multinomialSampler(shares, seededRandom('covariance'))
    const draws = Array.from({ length: DRAWS }, () => sample(40))
    for (const [i, p] of shares.entries()) {
      for (const [j, q] of shares.entries()) {
        const product = draws.reduce((sum, draw) => sum + ((draw[i] ?? 0) - 40 * p) * ((draw[j] ?? 0) - 40 * q), 0)
        // n(p·[i = j] − p·q) of the multinomial; its standard error is below 40·√(2 p q / DRAWS) here.
        expect(Math.abs(product / DRAWS - 40 * ((i === j ? p : 0) - p * q))).toBeLessThan(
          5 * 40 * Math.sqrt((2 * p * q + p * Number(i === j)) / DRAWS),
        )
      }
    }
  })
})

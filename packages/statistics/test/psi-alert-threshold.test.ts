import { populationStabilityIndex, psiAlertThreshold, seededRandom } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { multinomialSampler } from '../src/multinomial-sample.ts'
import { slack } from './coverage.ts'
import { refusal } from './refusal.ts'

const EVEN = Array.from({ length: 10 }, () => 500)
const UNEVEN = [4000, 2500, 1500, 900, 500, 300, 150, 100, 40, 10]
const TRIALS = 4000

/** Share of draws without any drift whose index is above the threshold. */
function falseAlarms(reference: readonly number[], units: number, threshold: number, seed: string): number {
  const total = reference.reduce((sum, count) => sum + count, 0)
  const sample = multinomialSampler(
    reference.map((count) => count / total),
    seededRandom(seed),
  )
  let alarms = 0
  for (let trial = 0; trial < TRIALS; trial += 1) {
    if (populationStabilityIndex(reference, sample(units)) > threshold) alarms += 1
  }
  return alarms / TRIALS
}

describe('the false alarm rate is 1 − level', () => {
  const cases = [
    ['even', EVEN, 0.95],
    ['uneven', UNEVEN, 0.95],
    ['even', EVEN, 0.99],
    ['uneven', UNEVEN, 0.8],
  ] as const
  test.each(cases.flatMap((row) => [30, 100, 1000, 100_000].map((units) => [...row, units] as const)))(
    'with %s bins at level %4$s',
    (name, reference, level, units) => {
      const seed = `${name} ${units} ${level}`
      const threshold = psiAlertThreshold({ reference, current: units, level, random: seededRandom(seed) })
      const rate = falseAlarms(reference, units, threshold, `${seed} again`)
      // The threshold itself is estimated from 10,000 draws, which adds 0.4 of the variance of 4,000 trials.
      const allowed = Math.sqrt(1.4) * slack(level, TRIALS)
      expect(rate).toBeLessThan(1 - level + allowed)
      // With few units whole values of the index are common, and the next one may be passed more rarely.
      expect(rate).toBeGreaterThan((units < 1000 ? 0.5 : 1) * (1 - level) - allowed)
    },
  )
})

describe('the chi-squared approximation it replaces', () => {
  // 0.95 quantile of the table for 9 degrees of freedom: 16.919; Yurdakul 2018: index ≈ χ² / units.
  const perUnit = 16.919

  test('fires about 4 times in 10 instead of once in 20 with 30 units', () => {
    expect(falseAlarms(EVEN, 30, perUnit / 30, 'chi-squared')).toBeGreaterThan(0.35)
    expect(falseAlarms(EVEN, 30, perUnit / 30, 'chi-squared')).toBeLessThan(0.5)
  })

  test('agrees with it where there are many units', () => {
    const threshold = psiAlertThreshold({ reference: EVEN, current: 100_000 })
    expect(threshold * 100_000).toBeGreaterThan(perUnit * 0.96)
    expect(threshold * 100_000).toBeLessThan(perUnit * 1.04)
  })
})

test('with one unit in two even bins the index is a constant, and the threshold is it', () => {
  // The unit is in either bin: |½ − 1| ln 2 + (½ − .0001) ln 5000, always.
  expect(psiAlertThreshold({ reference: [1, 1], current: 1 })).toBeCloseTo(
    0.5 * Math.log(2) + 0.4999 * Math.log(5000),
    12,
  )
})

test('is the same for the same numbers, and without any, and does not depend on the scale of the reference', () => {
  const options = { reference: UNEVEN, current: 200, simulations: 999 }
  expect(psiAlertThreshold(options)).toBe(psiAlertThreshold(options))
  expect(psiAlertThreshold({ ...options, random: seededRandom(1) })).toBe(
    psiAlertThreshold({ ...options, random: seededRandom(1) }),
  )
  expect(psiAlertThreshold({ ...options, reference: UNEVEN.map((count) => count / 10_000) })).toBeCloseTo(
    psiAlertThreshold(options),
    10,
  )
})

function at(level: number, current: number): number {
  return psiAlertThreshold({ reference: EVEN, current, level, simulations: 999 })
}

test('rises with the level, and falls with the number of units', () => {
  expect(at(0.99, 200)).toBeGreaterThan(at(0.9, 200))
  expect(at(0.95, 2000)).toBeLessThan(at(0.95, 200))
})

test.each([
  ['a reference of nothing', { reference: [0, 0], current: 10 }, 'no-data'],
  ['no reference', { current: 10 }, 'invalid-argument'],
  ['no units', { reference: [1, 1], current: 0 }, 'invalid-argument'],
  ['counts in place of their sum', { reference: [1, 1], current: [3, 4] }, 'invalid-argument'],
  ['half a unit', { reference: [1, 1], current: 1.5 }, 'invalid-argument'],
  ['nothing of current', { reference: [1, 1] }, 'invalid-argument'],
  ['a level of 1', { reference: [1, 1], current: 10, level: 1 }, 'invalid-argument'],
  ['too few simulations for the level', { reference: [1, 1], current: 10, simulations: 18 }, 'invalid-argument'],
  ['no simulations', { reference: [1, 1], current: 10, simulations: 0 }, 'invalid-argument'],
  ['a random that is no function', { reference: [1, 1], current: 10, random: 0.5 }, 'invalid-argument'],
  ['random numbers of 1', { reference: [1, 1], current: 10, random: () => 1 }, 'invalid-argument'],
  ['an infinite threshold', { reference: [99, 1], current: 3, floor: 0 }, 'infinite-result'],
  ['nothing', undefined, 'invalid-argument'],
] as const)('refuses %s', (_, options, code) => {
  expect(() => psiAlertThreshold(options as never)).toThrow(refusal(code))
})

test('the fewest simulations that a level allows are enough', () => {
  expect(psiAlertThreshold({ reference: [1, 1], current: 10, simulations: 19 })).toBeGreaterThan(0)
})

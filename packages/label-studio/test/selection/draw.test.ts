import { createSecretKey } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Candidate } from '../../src/selection/candidate.ts'
import { draw, lotOf } from '../../src/selection/draw.ts'
import { STRATEGIES } from '../../src/selection/selection-plan.ts'
import { sharesOf } from '../../src/selection/shares.ts'
import { predictionOf } from './predictions.ts'

const CANDIDATES = 12
const SIZE = 5
const SECRETS = 4000

const candidates = (secret: number): readonly Candidate[] => {
  const key = createSecretKey(Buffer.from(secret.toString().padStart(16, '0')))
  return Array.from({ length: CANDIDATES }, (_, number) => {
    const prediction = predictionOf(number)
    return { prediction, lot: lotOf(key, 'spam', prediction.id), class: undefined }
  })
}

/** Of n draws with chance p, five standard deviations of the binomial count are passed once in two million. */
const isNear = (count: number, p: number): boolean =>
  Math.abs(count - SECRETS * p) < 5 * Math.sqrt(SECRETS * p * (1 - p))

test('over many secrets each candidate, and each pair, is drawn as often as a simple random sample says', () => {
  const single = Array.from({ length: CANDIDATES }, () => 0)
  let firstTwo = 0
  for (let secret = 0; secret < SECRETS; secret += 1) {
    const { drawn, propensity } = draw(candidates(secret), SIZE)
    expect([drawn.length, propensity]).toEqual([SIZE, SIZE / CANDIDATES])
    const ids = new Set(drawn.map(({ prediction }) => prediction.id))
    for (const number of single.keys()) if (ids.has(predictionOf(number).id)) single[number] = (single[number] ?? 0) + 1
    if (ids.has(predictionOf(0).id) && ids.has(predictionOf(1).id)) firstTwo += 1
  }
  expect(single.filter((count) => !isNear(count, SIZE / CANDIDATES))).toEqual([])
  const pair = (SIZE * (SIZE - 1)) / (CANDIDATES * (CANDIDATES - 1))
  expect(isNear(firstTwo, pair)).toBe(true)
})

test('where there are no more candidates than are wanted, all are drawn with certainty', () => {
  expect(draw(candidates(1).slice(0, 3), SIZE)).toMatchObject({ propensity: 1, drawn: { length: 3 } })
  expect(draw([], SIZE)).toEqual({ drawn: [], propensity: 0 })
})

test('shares add up to the budget, follow the weights, and leave chance at least one', () => {
  const weight = fc.double({ min: 0, max: 10, noNaN: true })
  const mix = fc.record({
    random: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    uncertainty: weight,
    diversity: weight,
    balance: weight,
    critical: weight,
    drifted: weight,
  })
  fc.assert(
    fc.property(mix, fc.integer({ min: 1, max: 500 }), (weights, budget) => {
      const shares = sharesOf(weights, budget)
      const sum = STRATEGIES.reduce((total, strategy) => total + weights[strategy], 0)
      expect(STRATEGIES.reduce((total, strategy) => total + shares[strategy], 0)).toBe(budget)
      expect(shares.random).toBeGreaterThanOrEqual(1)
      for (const strategy of STRATEGIES) {
        const exact = (budget * weights[strategy]) / sum
        expect(shares[strategy]).toBeGreaterThanOrEqual(0)
        expect(Math.abs(shares[strategy] - exact)).toBeLessThan(2)
        expect(weights[strategy] > 0 || shares[strategy] === 0).toBe(true)
      }
    }),
  )
})

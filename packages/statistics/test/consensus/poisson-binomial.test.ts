import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { upperTail } from '../../src/consensus/poisson-binomial.ts'

test('is the binomial tail for one group', () => {
  // 10 tosses of a coin: P(8 or more) = (45 + 10 + 1) / 1024.
  expect(upperTail([{ trials: 10, probability: 0.5 }], 8)).toBeCloseTo(56 / 1024, 14)
  expect(upperTail([{ trials: 10, probability: 0.5 }], 11)).toBeCloseTo(0, 14)
  expect(upperTail([{ trials: 3, probability: 1 }], 3)).toBe(1)
  expect(upperTail([{ trials: 3, probability: 1 }], 4)).toBe(0)
  expect(upperTail([{ trials: 3, probability: 0 }], 1)).toBe(0)
  expect(upperTail([], 0)).toBe(1)
})

test('is what adding up all outcomes gives', () => {
  const group = fc.record({
    trials: fc.integer({ min: 0, max: 3 }),
    probability: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(fc.array(group, { maxLength: 4 }), fc.integer({ min: 0, max: 13 }), (groups, count) => {
      const trials = groups.flatMap(({ trials, probability }) => Array.from({ length: trials }, () => probability))
      let expected = 0
      for (let outcome = 0; outcome < 2 ** trials.length; outcome += 1) {
        const successes = trials.map((_, index) => Math.floor(outcome / 2 ** index) % 2)
        if (successes.reduce((a, b) => a + b, 0) < count) continue
        expected += trials.reduce((product, p, index) => product * (successes[index] === 1 ? p : 1 - p), 1)
      }
      expect(upperTail(groups, count)).toBeCloseTo(expected, 12)
    }),
  )
})

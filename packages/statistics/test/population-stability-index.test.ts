import { populationStabilityIndex } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'

const pairOfCounts = fc.integer({ min: 1, max: 12 }).chain((length) => {
  const counts = fc
    .array(fc.nat(500), { minLength: length, maxLength: length })
    .filter((list) => list.some((count) => count > 0))
  return fc.tuple(counts, counts)
})

function merged([first = 0, second = 0, ...rest]: readonly number[]): number[] {
  return [first + second, ...rest]
}

test('is Σ (c − r) ln(c / r)', () => {
  // Shares .5, .5 and .25, .75: −.25 ln ½ + .25 ln 1.5 = .25 ln 3.
  expect(populationStabilityIndex([50, 50], [1, 3])).toBeCloseTo(0.25 * Math.log(3), 14)
})

test('sets a share below the floor to it, without normalising again', () => {
  // NumPy: shares [.12, .3, .4, .18] and [20, 31, 30, 0] / 81 with 0 raised to 0.0001.
  expect(populationStabilityIndex([120, 300, 400, 180], [20, 31, 30, 0])).toBeCloseTo(1.4624446479973074, 12)
  // By hand: shares 0, 1 against ½, ½ with floor .1: (.5 − .1) ln 5 + (.5 − 1) ln ½.
  expect(populationStabilityIndex([0, 9], [4, 4], { floor: 0.1 })).toBeCloseTo(
    0.4 * Math.log(5) + 0.5 * Math.log(2),
    14,
  )
})

test('a bin that is empty on both sides adds nothing, even with floor 0', () => {
  expect(populationStabilityIndex([5, 5, 0], [2, 6, 0], { floor: 0 })).toBeCloseTo(0.25 * Math.log(3), 14)
})

describe('laws', () => {
  test('0 for equal shares, above 0 for any others', () => {
    fc.assert(
      fc.property(pairOfCounts, fc.integer({ min: 1, max: 1000 }), ([reference, current], factor) => {
        expect(
          populationStabilityIndex(
            reference,
            reference.map((count) => count * factor),
          ),
        ).toBeCloseTo(0, 12)
        expect(populationStabilityIndex(reference, current)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('symmetric, and the order of the bins does not matter', () => {
    fc.assert(
      fc.property(pairOfCounts, ([reference, current]) => {
        const index = populationStabilityIndex(reference, current)
        expect(populationStabilityIndex(current, reference)).toBeCloseTo(index, 10)
        expect(populationStabilityIndex(reference.toReversed(), current.toReversed())).toBeCloseTo(index, 10)
      }),
    )
  })

  test('merging two bins never raises it', () => {
    // The log sum inequality.
    fc.assert(
      fc.property(pairOfCounts, ([reference, current]) => {
        const [before, now] = [reference, current].map((counts) => counts.map((count) => count + 1)) as [
          number[],
          number[],
        ]
        expect(populationStabilityIndex(merged(before), merged(now))).toBeLessThanOrEqual(
          populationStabilityIndex(before, now) + 1e-12,
        )
      }),
    )
  })
})

test.each([
  ['lists of different length', [1, 2], [1], {}, 'length-mismatch'],
  ['a reference of nothing', [0, 0], [1, 1], {}, 'no-data'],
  ['a current of nothing', [1, 1], [0, 0], {}, 'no-data'],
  ['no bins', [], [], {}, 'no-data'],
  ['a negative count', [1, -1], [1, 1], {}, 'invalid-argument'],
  ['a count that is no number', [1, Number.NaN], [1, 1], {}, 'invalid-argument'],
  ['counts too large to add', [1e308, 1e308], [1, 1], {}, 'invalid-argument'],
  ['a floor of 1', [1, 1], [1, 1], { floor: 1 }, 'invalid-argument'],
  ['a negative floor', [1, 1], [1, 1], { floor: -0.1 }, 'invalid-argument'],
  ['an infinite index', [1, 1], [2, 0], { floor: 0 }, 'infinite-result'],
  ['nothing', undefined, undefined, undefined, 'invalid-argument'],
] as const)('refuses %s', (_, reference, current, options, code) => {
  expect(() => populationStabilityIndex(reference as never, current as never, options)).toThrow(refusal(code))
})

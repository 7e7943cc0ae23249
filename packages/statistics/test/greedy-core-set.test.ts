import { greedyCoreSet } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'

type Points = readonly (readonly number[])[]

const squaredDistance = (a: readonly number[] = [], b: readonly number[] = []) =>
  a.reduce((sum, value, axis) => sum + (value - (b[axis] ?? 0)) ** 2, 0)

/** How far the farthest point is from its nearest centre, squared. */
const radius = (points: Points, centres: readonly number[]) =>
  Math.max(...points.map((point) => Math.min(...centres.map((centre) => squaredDistance(point, points[centre])))))

/** The same by its words: of the points that are no centre, the first of those farthest from their nearest centre. */
function bySearch(points: Points, labelled: readonly number[], k: number): number[] {
  const centres = [...labelled]
  for (let pick = 0; pick < k; pick += 1) {
    const open = points.map((_, index) => index).filter((index) => !centres.includes(index))
    const farness = open.map((index) =>
      Math.min(...centres.map((centre) => squaredDistance(points[index], points[centre])), Infinity),
    )
    centres.push(open[farness.indexOf(Math.max(...farness))] ?? -1)
  }
  return centres.slice(labelled.length)
}

// Whole coordinates, so that ties are frequent and distances exact.
const world = fc
  .record({ dimensions: fc.integer({ min: 1, max: 3 }), count: fc.integer({ min: 1, max: 9 }) })
  .chain(({ dimensions, count }) =>
    fc.record({
      points: fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: dimensions, maxLength: dimensions }), {
        minLength: count,
        maxLength: count,
      }),
      labelled: fc.uniqueArray(fc.nat(count - 1), { maxLength: count }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  )
  .map(({ points, labelled, share }) => ({
    points,
    labelled,
    k: Math.floor(share * (points.length - labelled.length)),
  }))

test('picks on a line what one picks by hand', () => {
  // Distances to 0: 1, 2, 9, 10. Then to 0 or 10: 1, 2, 1. Then the first of two at distance 1.
  const line = [[0], [1], [2], [9], [10]]
  expect(greedyCoreSet(line, [0], 3)).toEqual([4, 2, 1])
  expect(greedyCoreSet(line, [], 2)).toEqual([0, 4])
  expect(greedyCoreSet(line, [0], 0)).toEqual([])
})

test('picks of equal points the first, and each only once', () => {
  expect(greedyCoreSet([[5], [5], [5]], [1], 2)).toEqual([0, 2])
  expect(greedyCoreSet([[], [], []], [], 3)).toEqual([0, 1, 2])
})

test('picks what its definition says', () => {
  fc.assert(
    fc.property(world, ({ points, labelled, k }) => {
      expect(greedyCoreSet(points, labelled, k)).toEqual(bySearch(points, labelled, k))
    }),
    { numRuns: 500 },
  )
})

test('leaves no point farther than twice what the best choice leaves', () => {
  // Gonzalez 1985, with all choices tried.
  const choices = (count: number, k: number): number[][] =>
    k === 0
      ? [[]]
      : Array.from({ length: count }, (_, last) => choices(last, k - 1).map((rest) => [...rest, last])).flat()
  fc.assert(
    fc.property(world, fc.integer({ min: 1, max: 3 }), ({ points }, wanted) => {
      const k = Math.min(wanted, points.length)
      const best = Math.min(...choices(points.length, k).map((centres) => radius(points, centres)))
      expect(radius(points, greedyCoreSet(points, [], k))).toBeLessThanOrEqual(4 * best)
    }),
  )
})

describe('refuses', () => {
  const points = [
    [0, 0],
    [1, 1],
  ]

  test.each([
    ['points that are none', [1, 2], [], 1, 'invalid-argument', /points\[0\] is 1/],
    ['no points', undefined, [], 1, 'invalid-argument', /points is undefined/],
    ['a number that is none', [[0], [Number.NaN]], [], 1, 'invalid-argument', /points\[1\]\[0\] is NaN/],
    ['a number too large to square', [[0], [1e200]], [], 1, 'invalid-argument', /points\[1\]\[0\] is 1e/],
    ['points of other lengths', [[0, 0], [1]], [], 1, 'length-mismatch', /points\[1\] has 1 numbers/],
    ['an index beyond the points', points, [2], 1, 'invalid-argument', /labelled\[0\] is 2/],
    ['an index that is not whole', points, [0.5], 1, 'invalid-argument', /labelled\[0\] is 0.5/],
    ['labelled that is no list', points, 0, 1, 'invalid-argument', /labelled is 0/],
    ['more picks than points without a label', points, [0, 0], 2, 'invalid-argument', /k is 2\. Pass at most 1/],
    ['a negative k', points, [], -1, 'invalid-argument', /k is -1/],
    ['no k', points, [], undefined, 'invalid-argument', /k is undefined/],
  ] as const)('%s', (_, given, labelled, k, code, cause) => {
    expect(() => greedyCoreSet(given as never, labelled as never, k as never)).toThrow(refusal(code, cause))
  })
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { areEdges, bucketing } from '../src/bucket.ts'

const numbers = fc.double({ noNaN: true, noDefaultInfinity: true })
const edges = fc
  .uniqueArray(numbers, { minLength: 1, maxLength: 100, comparator: 'IsStrictlyEqual' })
  .map((values) => values.sort((a, b) => a - b))

/** The interval that a label writes. */
function intervalOf(label: string): { readonly holds: (value: number) => boolean } {
  const [, open, lower = '', upper = ''] = /^([[(])(.+),(.+)\)$/.exec(label) ?? []
  const low = lower === '-inf' && open === '(' ? -Infinity : Number(lower)
  const high = upper === 'inf' ? Infinity : Number(upper)
  return { holds: (value) => value >= low && value < high }
}

test('edges 18 and 30 make three buckets, each with its lower edge and without its upper one', () => {
  const bucketOf = bucketing([18, 30])
  expect([17.999, 18, 29.999, 30, 1e300].map(bucketOf)).toEqual([
    '(-inf,18)',
    '[18,30)',
    '[18,30)',
    '[30,inf)',
    '[30,inf)',
  ])
})

test('every number lies in the bucket that is named, and in no other', () => {
  fc.assert(
    fc.property(edges, numbers, (bounds, free) => {
      const bucketOf = bucketing(bounds)
      const labels = new Set([-Number.MAX_VALUE, ...bounds].map(bucketOf))
      for (const value of [free, ...bounds]) {
        const holding = [...labels].filter((label) => intervalOf(label).holds(value))
        expect(holding).toEqual([bucketOf(value)])
      }
    }),
  )
})

test('there is one bucket more than edges, and no other label', () => {
  fc.assert(
    fc.property(edges, fc.array(numbers, { maxLength: 200 }), (bounds, values) => {
      const bucketOf = bucketing(bounds)
      const labels = new Set([-Number.MAX_VALUE, ...bounds, ...values].map(bucketOf))
      expect(labels.size).toBeLessThanOrEqual(bounds.length + 1)
    }),
  )
})

test('edges that are changed afterwards are the ones that were given', () => {
  const bounds = [1]
  const bucketOf = bucketing(bounds)
  bounds[0] = 100
  expect(bucketOf(50)).toBe('[1,inf)')
})

test.each([
  ['nothing', undefined],
  ['no edge', []],
  ['101 edges', Array.from({ length: 101 }, (_, index) => index)],
  ['edges that descend', [2, 1]],
  ['an edge twice', [1, 1]],
  ['zero twice', [-0, 0]],
  ['an infinite edge', [1, Infinity]],
  ['no number', [1, Number.NaN]],
  ['a text', ['1']],
  ['a hole', Object.assign([1], { length: 2 })],
])('%s is no list of edges', (_, given) => expect(areEdges(given)).toBe(false))

test.each([[[0]], [[-1, 0, 1.5]], [Array.from({ length: 100 }, (_, index) => index)]])('%j are edges', (given) =>
  expect(areEdges(given)).toBe(true),
)

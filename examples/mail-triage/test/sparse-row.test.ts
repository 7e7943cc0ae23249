import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toSparseRow } from '../src/sparse-row.ts'

describe('toSparseRow', () => {
  // Exact: √(1/4), √(1/4), √(2/4).
  test('takes the root of each bucket’s share of the words', () => {
    const { indexes, values } = toSparseRow({ buckets: [0, 7, 16_383], counts: [1, 1, 2] })
    expect([...indexes]).toEqual([0, 7, 16_383])
    expect([...values]).toEqual([0.5, 0.5, Math.SQRT1_2])
  })

  test('has length 1 for every mail that has words', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1 }), (counts) => {
        const { values } = toSparseRow({ buckets: counts.map((_, index) => index), counts })
        expect(values.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 12)
      }),
    )
    expect(toSparseRow({ buckets: [], counts: [] }).values).toHaveLength(0)
  })

  test.for([
    [undefined, /nothing/],
    [{ buckets: [1, 2], counts: [1] }, /2 buckets and 1 counts/],
    [{ buckets: [2, 1], counts: [1, 1] }, /bucket 1/],
    [{ buckets: [16_384], counts: [1] }, /bucket 16384/],
    [{ buckets: [0.5], counts: [1] }, /bucket 0.5/],
    [{ buckets: [1], counts: [0] }, /count 0/],
    [{ buckets: [1], counts: [Number.NaN] }, /count NaN/],
  ] as const)('refuses %j', ([features, message]) => {
    expect(() => toSparseRow(features as never)).toThrow(message)
  })
})

import { seededRandom } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shuffle } from '../src/shuffle.ts'

describe('shuffle', () => {
  test('keeps every item', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 })), fc.integer(), (items, seed) => {
        const shuffled = Int32Array.from(items)
        shuffle(shuffled, seededRandom(seed))
        expect([...shuffled].sort((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b))
      }),
    )
  })

  // Each of 4! orders has probability 1/24. The bound is the 1 − 1e-6 quantile of chi-square with 23 degrees of freedom.
  test('makes every order as often as another', () => {
    const seen = new Map<string, number>()
    const random = seededRandom(1)
    for (let round = 0; round < 24_000; round += 1) {
      const items = Int32Array.of(0, 1, 2, 3)
      shuffle(items, random)
      seen.set(items.join(), (seen.get(items.join()) ?? 0) + 1)
    }
    expect(seen.size).toBe(24)
    expect([...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(70.5)
  })
})

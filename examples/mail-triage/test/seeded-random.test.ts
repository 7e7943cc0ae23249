import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom, shuffle, xorshift32 } from '../src/seeded-random.ts'

const first = (seed: number) => seededRandom(seed)()

describe('xorshift32', () => {
  // The state that Marsaglia's paper starts from, and the first numbers that other implementations of it print.
  test('gives the known numbers', () => {
    const random = xorshift32(2463534242)
    expect(Array.from({ length: 5 }, random)).toEqual([723471715, 2497366906, 2064144800, 2008045182, 3532304609])
  })
})

describe('seededRandom', () => {
  test('repeats itself for a seed and differs between seeds', () => {
    expect(first(7)).toBe(first(7))
    expect(new Set(Array.from({ length: 1000 }, (_, seed) => first(seed))).size).toBe(1000)
  })
})

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

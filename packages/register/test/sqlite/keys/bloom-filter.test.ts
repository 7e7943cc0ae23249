import { describe, expect, test } from 'vitest'
import { emptyBloomFilter } from '../../../src/sqlite/keys/bloom-filter.ts'
import { keyHasher } from '../../../src/sqlite/keys/key-hash.ts'

const hash = keyHasher({ high: 1, low: 2 })
const keys = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => hash(`key ${from + at}`))

describe('a Bloom filter', () => {
  test('may hold every key that was added', () => {
    const filter = emptyBloomFilter(20_000)
    for (const key of keys(0, 20_000)) filter.add(key)
    expect(keys(0, 20_000).filter((key) => !filter.mayHold(key))).toEqual([])
  })

  test('takes about as many others for its own as theory says', () => {
    const filter = emptyBloomFilter(20_000)
    for (const key of keys(0, 20_000)) filter.add(key)
    const wrong = keys(20_000, 220_000).filter((key) => filter.mayHold(key)).length
    // (1 - e^(-kn/m))^k with k = 7 and m/n = 10 is 0.82 % (Bloom, 1970): 1,639 of 200,000, within 6 standard deviations
    // of a binomial count, doubled for what double hashing adds.
    const expected = 200_000 * (1 - Math.exp(-0.7)) ** 7
    expect(Math.abs(wrong - expected)).toBeLessThan(12 * Math.sqrt(expected))
  })

  test('holds nothing when nothing was added', () => {
    const filter = emptyBloomFilter(0)
    expect(keys(0, 100).some((key) => filter.mayHold(key))).toBe(false)
  })
})

import { describe, expect, test } from 'vitest'
import { keyHasher } from '../../../src/sqlite/keys/key-hash.ts'

const words = Array.from({ length: 65_536 }, (_, at) => at.toString(16).padStart(32, '0'))

describe('the hash of keys', () => {
  test('gives no two of 65,536 keys that follow each other the same 64 bits', () => {
    const hash = keyHasher({ high: 7, low: 9 })
    expect(new Set(words.map((word) => `${hash(word).high} ${hash(word).low}`)).size).toBe(words.length)
  })

  test('spreads each half evenly over 256 buckets', () => {
    const hash = keyHasher({ high: 7, low: 9 })
    for (const half of ['high', 'low'] as const) {
      for (const shift of [0, 24]) {
        const counts = new Float64Array(256)
        for (const word of words) {
          const bucket = (hash(word)[half] >>> shift) & 255
          counts[bucket] = (counts[bucket] ?? 0) + 1
        }
        const chiSquared = counts.reduce((sum, count) => sum + (count - 256) ** 2 / 256, 0)
        // 255 degrees of freedom: chance alone stays below 377 with probability 0.999999.
        expect(chiSquared).toBeLessThan(377)
      }
    }
  })

  test('depends on the seed', () => {
    expect(keyHasher({ high: 1, low: 1 })('a')).not.toEqual(keyHasher({ high: 1, low: 2 })('a'))
  })

  test('tells parts apart by where they end', () => {
    const hash = keyHasher({ high: 1, low: 1 })
    expect(hash('ab', 'c')).not.toEqual(hash('a', 'bc'))
  })

  test('is of two unsigned halves', () => {
    const hash = keyHasher({ high: 0xffffffff, low: 0x80000000 })
    for (const word of words.slice(0, 1000)) {
      for (const half of [hash(word).high, hash(word).low]) {
        expect(Number.isInteger(half) && half >= 0 && half < 2 ** 32).toBe(true)
      }
    }
  })
})

import type { KeyHash } from './key-hash.ts'

/** 10 bits a key and 7 probes: about 0.8 % of the keys that were never added seem to be there (Bloom, 1970). */
const BITS_PER_KEY = 10
const PROBES = 7

/** Says of a key that it was certainly never added, or that it may have been. */
export interface BloomFilter {
  readonly bits: Uint8Array
  add(key: KeyHash): void
  mayHold(key: KeyHash): boolean
}

/** @param bits those of a filter that was stored */
export function bloomFilter(bits: Uint8Array): BloomFilter {
  const size = bits.length * 8
  // Double hashing (Kirsch and Mitzenmacher, 2006): one hash and an odd step give all probes.
  return {
    bits,
    add({ high, low }) {
      let probe = high
      for (let round = 0; round < PROBES; round += 1) {
        const bit = probe % size
        bits[bit >>> 3] = (bits[bit >>> 3] as number) | (1 << (bit & 7))
        probe = (probe + (low | 1)) >>> 0
      }
    },
    mayHold({ high, low }) {
      let probe = high
      for (let round = 0; round < PROBES; round += 1) {
        const bit = probe % size
        if (((bits[bit >>> 3] as number) & (1 << (bit & 7))) === 0) return false
        probe = (probe + (low | 1)) >>> 0
      }
      return true
    },
  }
}

/** An empty filter for so many keys. */
export function emptyBloomFilter(keys: number): BloomFilter {
  return bloomFilter(new Uint8Array(Math.ceil((Math.max(keys, 1) * BITS_PER_KEY) / 8)))
}

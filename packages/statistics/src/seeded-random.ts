import { invalid } from './parse.ts'

const MASK_64 = (1n << 64n) - 1n
const UINT_32 = 2 ** 32

/** 64-bit FNV-1a hash of the text's UTF-8 bytes (Fowler, Noll, Vo). */
export function fnv1a(text: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK_64
  return hash
}

/** SplitMix64 (Steele, Lea, Flood 2014), which Blackman and Vigna recommend for seeding their generators. */
export function splitMix(seed: bigint): () => bigint {
  let state = seed & MASK_64
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & MASK_64
    let mixed = state
    mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64
    mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & MASK_64
    return mixed ^ (mixed >> 31n)
  }
}

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits))
}

/** xoshiro128** 1.1 (Blackman, Vigna 2018), 32 bits a call; the state must not be all zero. */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return result
  }
}

/**
 * A generator of numbers in [0, 1) that gives the same sequence for the same seed, on every machine. For simulations
 * that can be repeated; not for secrets, and not for choosing who is in a holdout.
 *
 * The seed's text is hashed (FNV-1a, 64 bits), spread by SplitMix64 over the state of xoshiro128**, and each number
 * takes 53 bits of two steps. Source: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM
 * Transactions on Mathematical Software 47 (2021), 36.
 *
 * @param seed any text, or a finite number; 7 and '7' are the same seed
 * @throws StatisticsError `invalid-argument`
 */
export function seededRandom(seed: number | string): () => number {
  if (typeof seed !== 'string' && !Number.isFinite(seed)) throw invalid('seed', seed, 'Pass a text or a finite number')
  const spread = splitMix(fnv1a(String(seed)))
  const [first, second] = [spread(), spread()]
  const next = xoshiro128([
    Number(first >> 32n),
    Number(first & 0xffffffffn),
    Number(second >> 32n),
    Number(second & 0xffffffffn),
  ])
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / (UINT_32 * 2 ** 21)
}

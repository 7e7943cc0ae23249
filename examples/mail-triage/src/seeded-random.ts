import { fnv1a } from './fnv1a.ts'

/**
 * Marsaglia's 32-bit xorshift generator: whole numbers from 1 to 2³² − 1, the same for the same state. For shuffling, not
 * for secrets. Source: G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003), triple (13, 17, 5).
 *
 * @param state any 32-bit number but 0
 */
export function xorshift32(state: number): () => number {
  let next = state >>> 0
  return () => {
    next ^= next << 13
    next ^= next >>> 17
    next ^= next << 5
    next >>>= 0
    return next
  }
}

/** A generator for any seed: neighbouring seeds begin far apart, and none begins at the state that stays 0. */
export function seededRandom(seed: number): () => number {
  return xorshift32(fnv1a(`seed ${seed}`) || 1)
}

/** Puts the items in a random order, in place (Durstenfeld's form of the Fisher–Yates shuffle). */
export function shuffle(items: Int32Array, random: () => number): void {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = random() % (last + 1)
    const item = items[last] ?? 0
    items[last] = items[other] ?? 0
    items[other] = item
  }
}

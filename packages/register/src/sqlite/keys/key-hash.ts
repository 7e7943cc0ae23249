/**
 * 64 bits of a key, as two unsigned halves. An index holds these instead of keys, which are random and long; whoever asks
 * compares the row. Seeded, so that nobody outside can choose keys that fall together.
 */
export interface KeyHash {
  readonly high: number
  readonly low: number
}

/** What the halves start from; kept with the index. */
export interface KeySeed {
  readonly high: number
  readonly low: number
}

/**
 * Hashes texts: two multiply-and-mix lanes over UTF-16 units, each finished as MurmurHash3 finishes 32 bits. It need not
 * withstand an attacker who sees hashes, only spread what he can't see.
 */
export function keyHasher(seed: KeySeed): (...parts: readonly string[]) => KeyHash {
  return (...parts) => {
    let high = seed.high | 0
    let low = seed.low | 0
    for (const part of parts) {
      for (let index = 0; index < part.length; index += 1) {
        const unit = part.charCodeAt(index)
        high = Math.imul(high ^ unit, 0x01000193)
        high ^= high >>> 15
        low = Math.imul(low ^ unit, 0xcc9e2d51)
        low = (low << 13) | (low >>> 19)
      }
      // Parts are told apart by where they end.
      high = Math.imul(high ^ (0x10000 + part.length), 0x2c1b3c6d)
      low = Math.imul(low ^ (0x10000 + part.length), 0x297a2d39)
    }
    high = finished(high ^ Math.imul(low, 0x9e3779b1))
    return { high, low: finished(low ^ high) }
  }
}

function finished(half: number): number {
  let mixed = half
  mixed ^= mixed >>> 16
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

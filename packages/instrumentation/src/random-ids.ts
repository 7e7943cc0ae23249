import { randomFillSync } from 'node:crypto'

/** Fills the bytes with random values; `crypto.getRandomValues` is one such function. */
export type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => unknown

/** Trace and span IDs of our own: random, in lower-case hex, never all zeros. */
export interface IdSource {
  /** 32 hex digits. */
  traceId(): string
  /** 16 hex digits. */
  spanId(): string
}

const TRACE_BYTES = 16
const SPAN_BYTES = 8

/** Bytes drawn at once: asking the system for every single ID would cost more than the rest of a prediction. */
const POOL_BYTES = 4096

const NOTHING = Buffer.alloc(POOL_BYTES)

const ALL_ZEROS = /^0+$/

/**
 * Makes a source of IDs. It never throws: where `random` does, Node's own generator steps in.
 * @param random default: Node's cryptographic generator
 */
export function createIdSource(random: FillRandom = randomFillSync): IdSource {
  const pool = Buffer.from(new ArrayBuffer(POOL_BYTES))
  let position = POOL_BYTES

  function refill(): void {
    const before = Buffer.from(pool)
    try {
      random(pool)
    } catch {
      // As if it had filled nothing.
    }
    // A generator that fills nothing would give every prediction the IDs of an earlier one.
    if (pool.equals(before) || pool.equals(NOTHING)) randomFillSync(pool)
    position = 0
  }

  function take(bytes: number): string {
    if (position + bytes > POOL_BYTES) refill()
    const hex = pool.toString('hex', position, position + bytes)
    position += bytes
    return ALL_ZEROS.test(hex) ? `${hex.slice(0, -1)}1` : hex
  }

  return { traceId: () => take(TRACE_BYTES), spanId: () => take(SPAN_BYTES) }
}

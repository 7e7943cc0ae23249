import { randomBytes, randomFillSync } from 'node:crypto'
import { attempt } from './attempt.ts'

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

const ALL_ZEROS = /^0+$/

/**
 * Makes a source of IDs. It never throws: where `random` does, or fills in zeros or what it filled in before, Node's own generator
 * steps in.
 * @param random default: Node's cryptographic generator
 */
export function createIdSource(random: FillRandom = randomFillSync): IdSource {
  const pool = Buffer.from(new ArrayBuffer(POOL_BYTES))
  const earlier = Buffer.alloc(POOL_BYTES)
  let position = POOL_BYTES

  function refill(): void {
    pool.fill(0)
    attempt(() => random(pool))
    const isSame = pool.equals(earlier)
    pool.copy(earlier)
    // A generator that starts again would give every prediction the IDs of an earlier one.
    if (isSame) pool.fill(0)
    position = 0
  }

  function take(bytes: number): string {
    if (position + bytes > POOL_BYTES) refill()
    let hex = pool.toString('hex', position, position + bytes)
    position += bytes
    // Nothing was filled in here.
    while (ALL_ZEROS.test(hex)) hex = randomBytes(bytes).toString('hex')
    return hex
  }

  return { traceId: () => take(TRACE_BYTES), spanId: () => take(SPAN_BYTES) }
}

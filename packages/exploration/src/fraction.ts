import { createHmac, type KeyObject } from 'node:crypto'

const LOW_BITS = 21
const FRACTION_STEPS = 2 ** 53

/** The first 53 bits of HMAC-SHA256 (RFC 2104) of a message, as a number in [0, 1): every value a double has at that step. */
export function hmacFraction(key: KeyObject, message: string | Uint8Array): number {
  const digest = createHmac('sha256', key).update(message).digest()
  const high = digest.readUInt32BE(0)
  const low = digest.readUInt32BE(4) >>> (32 - LOW_BITS)
  return (high * 2 ** LOW_BITS + low) / FRACTION_STEPS
}

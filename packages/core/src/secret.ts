import { createSecretKey, type KeyObject } from 'node:crypto'
import { GroundtraceError } from './errors.ts'

/** What keyed hashes and draws are made with: text (its UTF-8 bytes count) or bytes, 16 or more. Whoever holds it can make them again. */
export type Secret = string | Uint8Array

/** Shortest secret, in bytes: below that it can be found by trying. */
const MIN_BYTES = 16

/** A copy of the secret that later changes don't reach and no log prints. @throws GroundtraceError `invalid-argument` */
export function secretKey(secret: Secret): KeyObject {
  // The offending value is left out of the messages: it may be the secret of another place.
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) {
    throw new GroundtraceError(
      'invalid-argument',
      'The secret is neither text nor bytes',
      `Pass a string or a Uint8Array of at least ${MIN_BYTES} random bytes`,
    )
  }
  const bytes = Buffer.from(secret)
  if (bytes.length < MIN_BYTES) {
    throw new GroundtraceError(
      'invalid-argument',
      `The secret has ${bytes.length} bytes`,
      `Pass at least ${MIN_BYTES} random bytes, the same in every replica`,
    )
  }
  return createSecretKey(bytes)
}

import { createHmac } from 'node:crypto'
import { GroundtraceError } from './errors.ts'
import { isFeature } from './feature.ts'
import { isKey, MAX_KEY_LENGTH } from './key.ts'
import type { FeatureValue } from './prediction.ts'
import { quote } from './quote.ts'
import { secretKey, type Secret } from './secret.ts'

/** Hex digits of a hash: the first 128 of the 256 bits. */
const DIGITS = 32

/** Hashes that only whoever holds the secret can make, or find the original of by trying. */
export interface KeyedHash {
  /**
   * The pseudonym of a person: the same wherever the secret is the same, so that predictions for somebody and feedback of
   * theirs carry the same one. HMAC-SHA256 (RFC 2104) with the secret's bytes as key over the bytes
   *
   *     "groundtrace.user" 0x00 id
   *
   * with the ID in UTF-8 as it is, neither normalised nor trimmed; the first 16 bytes of it, as 32 lower-case hex digits.
   * @param id 1 to 256 characters, without NUL
   * @throws GroundtraceError `invalid-argument`
   */
  user(id: string): string
  /**
   * The hash of one feature: equal for equal values of the field, and unlike that of the same value in another field.
   * HMAC-SHA256 with the secret's bytes as key over the bytes
   *
   *     "groundtrace.feature" 0x00 name 0x00 json
   *
   * with the name in UTF-8 and the value as JSON by RFC 8785: no blanks, numbers as ECMAScript writes them (`1`, `0.5`,
   * `1e+21`), texts in quotes, a list as one value. The first 16 bytes of it, as 32 lower-case hex digits.
   * @param name 1 to 256 characters, without NUL
   * @throws GroundtraceError `invalid-argument`
   */
  feature(name: string, value: FeatureValue): string
}

/**
 * Makes pseudonyms of people and hashes of features. A change of the secret changes them all.
 * @throws GroundtraceError `invalid-argument` for a secret below 16 bytes
 */
export function keyedHash(secret: Secret): KeyedHash {
  const key = secretKey(secret)
  const hash = (message: string): string => createHmac('sha256', key).update(message).digest('hex').slice(0, DIGITS)
  return {
    user(id) {
      if (!isKey(id)) throw unhashable('The ID of the user', id)
      return hash(`groundtrace.user\0${id}`)
    },
    feature(name, value) {
      if (!isKey(name)) throw unhashable('The name of the feature', name)
      if (!isFeature(value)) {
        throw new GroundtraceError(
          'invalid-argument',
          `${quote(typeof value)} is no type of a feature`,
          'Pass a text, a finite number, a truth value or a flat list of one of them',
        )
      }
      return hash(`groundtrace.feature\0${name}\0${JSON.stringify(value)}`)
    },
  }
}

/** What can't be hashed may be personal: it is not repeated. */
function unhashable(what: string, given: unknown): GroundtraceError {
  return new GroundtraceError(
    'invalid-argument',
    `${what} (${quote(typeof given)}) is no text, empty or too long`,
    `Pass a text of 1 to ${MAX_KEY_LENGTH} characters`,
  )
}

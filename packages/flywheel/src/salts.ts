import { createHmac, randomBytes } from 'node:crypto'
import { quote, type TrackingId, type TrainingExample } from '@groundtrace/core'
import { functionOf, refusal } from './argument.ts'

/** The salt of one example's line: a text that nobody who holds the manifest can guess. */
export type SaltOf = (example: TrainingExample) => string

/** The salts of a manifest, by prediction. Payload: erasable, kept beside the manifest and never within it. */
export type Salts = ReadonlyMap<TrackingId, string>

const SALT_BYTES = 16

/**
 * A salt of its own for every line, 128 bits. Once it is deleted nobody can find out what the line said, not even by
 * trying: this is what erasure needs.
 * @param random makes `size` random bytes. Default: `randomBytes` of `node:crypto`
 */
export function randomSalts(random: (size: number) => Uint8Array = randomBytes): SaltOf {
  functionOf(random, 'random')
  return () => Buffer.from(random(SALT_BYTES)).toString('hex')
}

/** Shortest secret, in characters: one that is shorter can be found by trying. */
const SHORTEST_SECRET = 16

/**
 * Salts derived from a secret (HMAC-SHA-256 of purpose, prediction and outcome version), so that the same examples make
 * the same data set ID on every run. Who holds the secret can still try what an erased line said: keep it apart, and
 * use {@link randomSalts} where erasure must hold against yourself too.
 * @throws GroundtraceError `invalid-argument` for a secret of fewer than 16 characters
 */
export function derivedSalts(secret: string): SaltOf {
  if (typeof secret !== 'string' || secret.length < SHORTEST_SECRET) {
    // A secret never stands in a message, so only its kind does.
    const got = typeof secret === 'string' ? `has ${secret.length} characters` : `is ${quote(typeof secret)}`
    throw refusal(`The secret of the salts ${got}`, `Pass a random text of at least ${SHORTEST_SECRET} characters`)
  }
  return ({ prediction, outcomeVersion }) =>
    createHmac('sha256', secret)
      .update(`groundtrace.manifest-salt\n${prediction}\n${outcomeVersion}`)
      .digest('hex')
      .slice(0, SALT_BYTES * 2)
}

import { createHmac, randomBytes } from 'node:crypto'
import { secretKey, type Secret, type TrackingId } from '@groundtrace/core'

/** 128 bits: nobody guesses one, and no two are the same. */
const KEY_BYTES = 16

/** What the server sees in place of tracking IDs. */
export interface UnitKeys {
  keyOf(prediction: TrackingId, project: string): string
  /** The same unit always gets the same key, also from another outbox. */
  readonly areFoundAgain: boolean
}

const randomKeys: UnitKeys = { keyOf: () => randomBytes(KEY_BYTES).toString('base64url'), areFoundAgain: false }

/**
 * Keys of units. With a secret they are derived from it, and say nothing to whoever does not have it; an outbox that was
 * lost, or restored from a backup, then finds the tasks that it had sent.
 * @throws GroundtraceError `invalid-argument` for a short secret
 */
export function unitKeys(secret: Secret | undefined): UnitKeys {
  if (secret === undefined) return randomKeys
  const key = secretKey(secret)
  return {
    keyOf: (prediction, project) =>
      createHmac('sha256', key)
        .update(`unit\0${project}\0${prediction}`)
        .digest()
        .subarray(0, KEY_BYTES)
        .toString('base64url'),
    areFoundAgain: true,
  }
}

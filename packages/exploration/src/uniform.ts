import type { KeyObject } from 'node:crypto'
import { GroundtraceError, isName, quote, secretKey, trackingId, type Secret, type TrackingId } from '@groundtrace/core'
import { hmacFraction } from './fraction.ts'

/** What a draw is made of, beside the tracking ID. */
export interface Draw {
  readonly secret: Secret
  /** Bounded word; draws of different purposes have nothing to do with each other. */
  readonly purpose: string
}

/** {@link uniform} with parts that were checked, for a tracking ID or a business key. */
export function drawn(key: KeyObject, purpose: string, subject: string): number {
  return hmacFraction(key, `${purpose}\0${subject}`)
}

/**
 * A number in [0, 1) that looks uniform to everybody without the secret and is the same for everybody with it: the first
 * 53 bits of HMAC-SHA256 under the secret of purpose, NUL and tracking ID. Compare it with a propensity.
 * @throws GroundtraceError `invalid-argument` for a secret below 16 bytes or a purpose that is no bounded word;
 * `invalid-tracking-id`
 */
export function uniform(draw: Draw, id: TrackingId): number {
  const { secret, purpose }: Partial<Draw> = draw ?? {}
  const key = secretKey(secret)
  if (!isName(purpose)) {
    throw new GroundtraceError(
      'invalid-argument',
      `Purpose ${quote(purpose)} is not a bounded word`,
      'Name what is drawn for: release, audit, prompt',
    )
  }
  return drawn(key, purpose, trackingId(id))
}

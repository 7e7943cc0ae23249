import { createHmac } from 'node:crypto'

/**
 * What is remembered of a person who withdrew: HMAC-SHA-256 of the pseudonym, in hex, by a key that each register makes for
 * itself. It says nothing to whoever has the list and not the key, and names nobody in another register.
 */
export function consentHash(key: Uint8Array, user: string): string {
  return createHmac('sha256', key).update(user).digest('hex')
}

import { isKey, type KeyedHash } from '@groundtrace/core'
import type { CountDropped } from './dropped-field.ts'

/** The user's pseudonym; undefined, and told, where there is no secret or no ID. */
export function pseudonym(user: unknown, keyedHash: KeyedHash | undefined, dropped: CountDropped): string | undefined {
  if (user === undefined) return undefined
  if (keyedHash !== undefined && isKey(user)) return keyedHash.user(user)
  dropped('user')
  return undefined
}

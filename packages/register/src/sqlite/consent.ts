import type { Consent } from '../decide/books.ts'
import { consentHash } from '../consent.ts'
import type { Store } from './store.ts'

export interface ConsentTable extends Consent {
  set(user: string, consent: 'given' | 'withdrawn'): void
}

export function consentTable(store: Store): ConsentTable {
  const selectKey = store.prepare('SELECT key FROM consent_key')
  const selectAny = store.prepare('SELECT 1 FROM withdrawn LIMIT 1')
  const select = store.prepare('SELECT 1 FROM withdrawn WHERE user_hash = ?')
  const insert = store.prepare('INSERT OR IGNORE INTO withdrawn (user_hash, recorded) VALUES (?, ?)')
  const remove = store.prepare('DELETE FROM withdrawn WHERE user_hash = ?')
  const key = selectKey.get()?.['key'] as Uint8Array
  /** In most registers nobody has, and nobody is looked for. */
  let anybody: boolean | undefined
  store.onStale(() => (anybody = undefined))

  return {
    isWithdrawn(user) {
      anybody ??= selectAny.get() !== undefined
      return anybody && select.get(consentHash(key, user)) !== undefined
    },
    set(user, consent) {
      anybody = undefined
      if (consent === 'given') remove.run(consentHash(key, user))
      else insert.run(consentHash(key, user), store.now())
    },
  }
}

import { copyEntry, isOfKey, makeEntries, placeOf, type KeyEntries } from './key-entries.ts'
import type { KeyHash } from './key-hash.ts'

/** Before every other entry: what stands where the first ones of all were. Of no key that is asked for. */
export const nothingBefore = (): KeyEntries => makeEntries(1)

/**
 * Overwrites entries of a key with the one before them, so that the order of the page stays and nothing of them is left:
 * whoever is led to a row twice compares it twice.
 * @param accepts says which, by their offset
 * @param before the last entry of the page before
 * @returns offsets of those that are gone
 */
export function wipeEntries(
  entries: KeyEntries,
  key: KeyHash,
  accepts: (offset: number) => boolean,
  before: KeyEntries,
): readonly number[] {
  const gone: number[] = []
  let at = placeOf(entries, key, Number.NEGATIVE_INFINITY)
  for (; at < entries.length && isOfKey(entries, at, key); at += 1) {
    const offset = entries.offset[at] as number
    if (!accepts(offset)) continue
    gone.push(offset)
    if (at === 0) copyEntry(before, before.length - 1, entries, 0)
    else copyEntry(entries, at - 1, entries, at)
  }
  return gone
}

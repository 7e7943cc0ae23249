import { compareEntry, isOfKey, makeEntries, part, sortedEntries } from './key-entries.ts'
import type { KeyHash } from './key-hash.ts'
import type { Sealed } from './key-runs.ts'

/** Told of each entry of a key. */
export type Visit = (order: number, position: number) => void

/** The newest entries, in memory: columns of a fixed size, and a table over them by key and order. */
export interface KeyTail {
  length(): number
  /** Position of the newest entry; undefined when there is none. */
  last(): number | undefined
  /** @param position above that of every entry before */
  add(key: KeyHash, order: number, position: number): void
  /** The entries of a key at this very place of its order, without a look at its others: one key may have thousands. */
  at(key: KeyHash, order: number, visit: Visit): void
  /** The entries of a key, the newest first. Goes through all that there are, which takes some 30 µs. */
  each(key: KeyHash, visit: Visit): void
  /** All of them in order, with the position that their offsets count from. */
  sorted(): Sealed
  clear(): void
}

const EMPTY = -1

/** @param capacity entries that it takes; a power of two */
export function keyTail(capacity: number): KeyTail {
  /** The newest entry of each slot, from which `earlier` leads to the others: whoever chooses keys makes adding no slower. */
  const slots = new Int32Array(capacity * 2).fill(EMPTY)
  const earlier = new Int32Array(capacity)
  const mask = slots.length - 1
  const entries = makeEntries(capacity)
  let length = 0
  let first = 0
  let last = 0

  const slotOf = (key: KeyHash, order: number): number => (key.low ^ order) & mask

  return {
    length: () => length,
    last: () => (length === 0 ? undefined : last),
    add(key, order, position) {
      if (length === 0) first = position
      entries.high[length] = key.high
      entries.low[length] = key.low
      entries.order[length] = order
      entries.offset[length] = position - first
      const slot = slotOf(key, order)
      earlier[length] = slots[slot] as number
      slots[slot] = length
      length += 1
      last = position
    },
    at(key, order, visit) {
      let index = slots[slotOf(key, order)] as number
      for (; index !== EMPTY; index = earlier[index] as number) {
        if (compareEntry(entries, index, key, order) === 0) visit(order, first + (entries.offset[index] as number))
      }
    },
    each(key, visit) {
      for (let index = length - 1; index >= 0; index -= 1) {
        if (!isOfKey(entries, index, key)) continue
        visit(entries.order[index] as number, first + (entries.offset[index] as number))
      }
    },
    sorted() {
      return { entries: sortedEntries(part(entries, 0, length)), first, last }
    },
    clear() {
      slots.fill(EMPTY)
      length = 0
    },
  }
}

import { makeEntries, part, sortedEntries } from './key-entries.ts'
import type { KeyHash } from './key-hash.ts'
import type { Sealed } from './key-runs.ts'

/** Told of each entry of a key. */
export type Visit = (order: number, position: number) => void

/** The newest entries, in memory: an open-addressing table over columns of a fixed size. */
export interface KeyTail {
  length(): number
  /** Position of the newest entry; undefined when there is none. */
  last(): number | undefined
  /** @param position above that of every entry before */
  add(key: KeyHash, order: number, position: number): void
  each(key: KeyHash, visit: Visit): void
  /** All of them in order, with the position that their offsets count from. */
  sorted(): Sealed
  clear(): void
}

const EMPTY = -1

/** @param capacity entries that it takes; a power of two */
export function keyTail(capacity: number): KeyTail {
  /** By key: its newest entry, from which `earlier` leads to the others; one key may have thousands. */
  const slots = new Int32Array(capacity * 2).fill(EMPTY)
  const earlier = new Int32Array(capacity)
  const mask = slots.length - 1
  const entries = makeEntries(capacity)
  let length = 0
  let first = 0
  let last = 0

  const isAt = (index: number, { high, low }: KeyHash): boolean =>
    entries.high[index] === high && entries.low[index] === low

  /** The slot of this key, or the free one where it would be. */
  function slotOf(key: KeyHash): number {
    let slot = key.low & mask
    for (let index = slots[slot] as number; index !== EMPTY && !isAt(index, key); index = slots[slot] as number) {
      slot = (slot + 1) & mask
    }
    return slot
  }

  return {
    length: () => length,
    last: () => (length === 0 ? undefined : last),
    add(key, order, position) {
      if (length === 0) first = position
      entries.high[length] = key.high
      entries.low[length] = key.low
      entries.order[length] = order
      entries.offset[length] = position - first
      const slot = slotOf(key)
      earlier[length] = slots[slot] as number
      slots[slot] = length
      length += 1
      last = position
    },
    each(key, visit) {
      for (let index = slots[slotOf(key)] as number; index !== EMPTY; index = earlier[index] as number) {
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

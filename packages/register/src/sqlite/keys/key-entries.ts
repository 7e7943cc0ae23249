import type { KeyHash } from './key-hash.ts'

/** Where rows of one key are: entries in columns, so that thousands of them are one block of bytes. */
export interface KeyEntries {
  readonly length: number
  readonly high: Uint32Array
  readonly low: Uint32Array
  /** What entries of one key are ordered by: a time, or a further hash. */
  readonly order: Float64Array
  /** Row, from the first one of the run. */
  readonly offset: Uint32Array
}

const ENTRY_BYTES = 8 + 3 * 4

/** So many entries fill a page of 16 KiB, and none spills over. */
export const ENTRIES_PER_PAGE = 800

const columns = (buffer: ArrayBufferLike, start: number, length: number): KeyEntries => ({
  length,
  order: new Float64Array(buffer, start, length),
  high: new Uint32Array(buffer, start + 8 * length, length),
  low: new Uint32Array(buffer, start + 12 * length, length),
  offset: new Uint32Array(buffer, start + 16 * length, length),
})

export function makeEntries(length: number): KeyEntries {
  return columns(new ArrayBuffer(length * ENTRY_BYTES), 0, length)
}

/** Some of the entries, without a copy. @param length of a page, unless told; fewer where there are no more */
export function part(entries: KeyEntries, from: number, length = ENTRIES_PER_PAGE): KeyEntries {
  const to = Math.min(from + length, entries.length)
  return {
    length: to - from,
    order: entries.order.subarray(from, to),
    high: entries.high.subarray(from, to),
    low: entries.low.subarray(from, to),
    offset: entries.offset.subarray(from, to),
  }
}

/** The bytes of entries, as a page holds them; in this machine's byte order. */
export function entryBytes(entries: KeyEntries): Uint8Array {
  const page = makeEntries(entries.length)
  page.order.set(entries.order)
  page.high.set(entries.high)
  page.low.set(entries.low)
  page.offset.set(entries.offset)
  return new Uint8Array(page.order.buffer)
}

/** What {@link entryBytes} made. */
export function entriesOf(bytes: Uint8Array): KeyEntries {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  return columns(aligned.buffer, aligned.byteOffset, aligned.byteLength / ENTRY_BYTES)
}

/** Entry before, at or after a place in the order of a run: by hash, then by `order`. */
export function compareEntry(entries: KeyEntries, index: number, key: KeyHash, order: number): number {
  return (
    (entries.high[index] as number) - key.high ||
    (entries.low[index] as number) - key.low ||
    (entries.order[index] as number) - order
  )
}

/** Index of the first entry at or after that place; with `after`, of the first one after all that are at it. */
export function placeOf(entries: KeyEntries, key: KeyHash, order: number, after = false): number {
  let from = 0
  let to = entries.length
  while (from < to) {
    const middle = (from + to) >>> 1
    const compared = compareEntry(entries, middle, key, order)
    if (compared < 0 || (after && compared === 0)) from = middle + 1
    else to = middle
  }
  return from
}

/** Whether an entry is of this key. */
export function isOfKey(entries: KeyEntries, index: number, { high, low }: KeyHash): boolean {
  return entries.high[index] === high && entries.low[index] === low
}

/**
 * The entries in order: by hash, then by `order`, then as they came. Sorted as 64-bit numbers of the hash with its last bits
 * replaced by the index, which is many times faster than a comparison in JavaScript; what falls together is put right after.
 */
export function sortedEntries(entries: KeyEntries): KeyEntries {
  const { length } = entries
  const indexBits = Math.ceil(Math.log2(Math.max(length, 2)))
  const indexMask = 2 ** indexBits - 1
  const halves = new Uint32Array(length * 2)
  for (let index = 0; index < length; index += 1) {
    halves[2 * index + 1] = entries.high[index] as number
    halves[2 * index] = ((entries.low[index] as number) & ~indexMask) | index
  }
  new BigUint64Array(halves.buffer).sort()
  const places = Uint32Array.from({ length }, (_, place) => (halves[2 * place] as number) & indexMask)
  const prefix = (place: number): number => (halves[2 * place] as number) & ~indexMask
  let from = 0
  for (let to = 1; to <= length; to += 1) {
    if (to < length && halves[2 * to + 1] === halves[2 * from + 1] && prefix(to) === prefix(from)) continue
    if (to - from > 1) {
      places
        .subarray(from, to)
        .sort(
          (a, b) =>
            (entries.low[a] as number) - (entries.low[b] as number) ||
            (entries.order[a] as number) - (entries.order[b] as number) ||
            a - b,
        )
    }
    from = to
  }
  const sorted = makeEntries(length)
  for (const [index, place] of places.entries()) copyEntry(entries, place, sorted, index)
  return sorted
}

/** @param shift added to the offset */
export function copyEntry(from: KeyEntries, source: number, to: KeyEntries, target: number, shift = 0): void {
  to.high[target] = from.high[source] as number
  to.low[target] = from.low[source] as number
  to.order[target] = from.order[source] as number
  to.offset[target] = (from.offset[source] as number) + shift
}

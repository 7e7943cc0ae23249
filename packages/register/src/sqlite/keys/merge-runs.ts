import { compareEntry, copyEntry, ENTRIES_PER_PAGE, makeEntries, part, type KeyEntries } from './key-entries.ts'

/** A run to be merged: its pages in order. */
export interface Source {
  readonly first: number
  readonly last: number
  readonly length: number
  readonly pages: Iterator<KeyEntries>
}

/** A place in a source. */
interface Head {
  readonly pages: Iterator<KeyEntries>
  /** What is added to offsets, since the merged run counts from another row. */
  readonly shift: number
  page: KeyEntries
  at: number
}

function isBefore(a: Head, b: Head): boolean {
  const key = { high: b.page.high[b.at] as number, low: b.page.low[b.at] as number }
  return compareEntry(a.page, a.at, key, b.page.order[b.at] as number) < 0
}

/** The entries of all sources in one order, page by page: a merged run is larger than memory should hold. */
export function* mergedPages(sources: readonly Source[], first: number): Generator<KeyEntries> {
  const heads: Head[] = []
  for (const source of sources) {
    const { value, done } = source.pages.next()
    if (done !== true) heads.push({ pages: source.pages, shift: source.first - first, page: value, at: 0 })
  }
  let out = makeEntries(ENTRIES_PER_PAGE)
  let filled = 0
  while (heads.length > 0) {
    // A handful of heads: looking at each is faster than a heap.
    let least = heads[0] as Head
    for (const head of heads) if (isBefore(head, least)) least = head
    copyEntry(least.page, least.at, out, filled, least.shift)
    filled += 1
    least.at += 1
    if (least.at === least.page.length) {
      const { value, done } = least.pages.next()
      if (done === true) heads.splice(heads.indexOf(least), 1)
      else Object.assign(least, { page: value, at: 0 })
    }
    if (filled === ENTRIES_PER_PAGE) {
      yield out
      out = makeEntries(ENTRIES_PER_PAGE)
      filled = 0
    }
  }
  if (filled > 0) yield part(out, 0, filled)
}

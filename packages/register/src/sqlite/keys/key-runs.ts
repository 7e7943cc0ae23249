import { bloomFilter, emptyBloomFilter, type BloomFilter } from './bloom-filter.ts'
import {
  copyEntry,
  ENTRIES_PER_PAGE,
  entriesOf,
  entryBytes,
  isOfKey,
  makeEntries,
  part,
  placeOf,
  type KeyEntries,
} from './key-entries.ts'
import type { KeyHash } from './key-hash.ts'
import { mergedPages, type Source } from './merge-runs.ts'
import { nothingBefore, wipeEntries } from './wipe-entries.ts'
import type { Store } from '../store.ts'

/** Runs of one level become one of the next when there are so many: a key is rewritten once a level. */
const MERGED_AT_ONCE = 8

/** The pages of a run are the rows from `run * PAGES_PER_RUN` on. */
const PAGES_PER_RUN = 2 ** 24

/** Entries that were sealed together and are never changed, but for those that are wiped. */
interface Run {
  readonly id: number
  readonly level: number
  /** Position that offsets count from. */
  readonly first: number
  readonly last: number
  readonly length: number
  readonly filter: BloomFilter
  /** First entry of each page. */
  readonly fences: KeyEntries
}

type RunRow = Omit<Run, 'filter' | 'fences'> & { readonly filter: Uint8Array; readonly fences: Uint8Array }

/** Entries in order, and the rows that they are of. */
export interface Sealed {
  readonly entries: KeyEntries
  /** Position that offsets count from. */
  readonly first: number
  readonly last: number
}

/** Told of an entry of the key. @returns whether to go on to the next */
type Step = (order: number, position: number) => boolean

/** What is sealed of one index. */
export interface KeyRuns {
  /** Position up to which all is sealed. */
  last(): number
  seal(sealed: Sealed): void
  /** Entries of a key whose order is at least this, of each run in rising order, until `step` answers false. */
  rising(key: KeyHash, atLeast: number, step: Step): void
  /** Entries of a key whose order is at most this, of each run in falling order, until `step` answers false. */
  falling(key: KeyHash, atMost: number, step: Step): void
  /**
   * Wipes entries of a key that lead to accepted positions, those of one page at most. A filter goes on saying that the key
   * may be there, until its run is merged or dropped.
   * @returns the positions; none when none is left
   */
  wipe(key: KeyHash, accepts: (position: number) => boolean): readonly number[]
  /** Drops the runs of whose rows none is left. @param isGone whether there is no row from one position to another */
  dropGone(isGone: (first: number, last: number) => boolean): void
  /** Reads again which runs there are. */
  refresh(): void
  /** Another transaction may have made them: forgets all runs. */
  forget(): void
}

/** @param index number of the index that the runs are of */
export function keyRuns(store: Store, index: number): KeyRuns {
  const selectIds = store.prepare('SELECT id FROM key_runs WHERE key_index = ? ORDER BY first')
  const selectRun = store.prepare('SELECT id, level, first, last, length, filter, fences FROM key_runs WHERE id = ?')
  const insertRun = store.prepare(`
    INSERT INTO key_runs (key_index, level, first, last, length, filter, fences) VALUES (?, ?, ?, ?, ?, x'', x'')`)
  const updateRun = store.prepare('UPDATE key_runs SET filter = ?, fences = ? WHERE id = ?')
  const removeRun = store.prepare('DELETE FROM key_runs WHERE id = ?')
  const insertPage = store.prepare('INSERT INTO key_pages (id, entries) VALUES (?, ?)')
  const selectPage = store.prepare('SELECT entries FROM key_pages WHERE id = ?')
  const updatePage = store.prepare('UPDATE key_pages SET entries = ? WHERE id = ?')
  const updateFences = store.prepare('UPDATE key_runs SET fences = ? WHERE id = ?')
  const removePages = store.prepare('DELETE FROM key_pages WHERE id >= ? AND id < ?')

  let runs: readonly Run[] = []

  function loaded(id: number): Run {
    const { filter, fences, ...rest } = selectRun.get(id) as unknown as RunRow
    return { ...rest, filter: bloomFilter(filter), fences: entriesOf(fences) }
  }

  function pageOf({ id }: Run, page: number): KeyEntries {
    return entriesOf(selectPage.get(id * PAGES_PER_RUN + page)?.['entries'] as Uint8Array)
  }

  function write(level: number, { first, last, length }: Omit<Source, 'pages'>, pages: Iterable<KeyEntries>): Run {
    const id = Number(insertRun.run(index, level, first, last, length).lastInsertRowid)
    const filter = emptyBloomFilter(length)
    const fences = makeEntries(Math.ceil(length / ENTRIES_PER_PAGE))
    let page = 0
    for (const entries of pages) {
      insertPage.run(id * PAGES_PER_RUN + page, entryBytes(entries))
      copyEntry(entries, 0, fences, page)
      for (let at = 0; at < entries.length; at += 1) {
        filter.add({ high: entries.high[at] as number, low: entries.low[at] as number })
      }
      page += 1
    }
    updateRun.run(filter.bits, entryBytes(fences), id)
    return { id, level, first, last, length, filter, fences }
  }

  function* pagesOf(run: Run): Generator<KeyEntries> {
    for (let page = 0; page < run.fences.length; page += 1) yield pageOf(run, page)
  }

  function drop(dropped: readonly Run[]): void {
    for (const { id } of dropped) {
      removeRun.run(id)
      removePages.run(id * PAGES_PER_RUN, (id + 1) * PAGES_PER_RUN)
    }
  }

  /** Keeps the number of runs, and so the cost of a look-up, at the logarithm of the number of rows. */
  function merge(level: number): void {
    const merged = runs.filter((run) => run.level === level)
    if (merged.length < MERGED_AT_ONCE) return
    const first = Math.min(...merged.map((run) => run.first))
    const last = Math.max(...merged.map((run) => run.last))
    const length = merged.reduce((total, run) => total + run.length, 0)
    const sources = merged.map((run) => ({ first: run.first, last: run.last, length: run.length, pages: pagesOf(run) }))
    const made = write(level + 1, { first, last, length }, mergedPages(sources, first))
    drop(merged)
    runs = [...runs.filter((run) => run.level !== level), made].sort((a, b) => a.first - b.first)
    merge(level + 1)
  }

  /** Walks the entries of a key through the pages of a run, up from a place or down from after it. */
  function walk(run: Run, key: KeyHash, order: number, by: 1 | -1, step: Step): void {
    const down = by === -1
    // The page before the first one that begins at the place may hold it as well.
    let page = placeOf(run.fences, key, order, down) - 1
    if (page < 0 && down) return
    page = Math.max(page, 0)
    let entries = pageOf(run, page)
    let at = placeOf(entries, key, order, down) - (down ? 1 : 0)
    for (;;) {
      if (at < 0 || at >= entries.length) {
        page += by
        if (page < 0 || page >= run.fences.length) return
        entries = pageOf(run, page)
        at = down ? entries.length - 1 : 0
      }
      if (!isOfKey(entries, at, key)) return
      if (!step(entries.order[at] as number, run.first + (entries.offset[at] as number))) return
      at += by
    }
  }

  /** Wipes what a page of a run holds of a key. @returns their positions */
  function wipePage(run: Run, page: number, key: KeyHash, accepts: (position: number) => boolean): readonly number[] {
    const entries = pageOf(run, page)
    const before = page === 0 ? nothingBefore() : pageOf(run, page - 1)
    const gone = wipeEntries(entries, key, (offset) => accepts(run.first + offset), before)
    if (gone.length > 0) {
      updatePage.run(entryBytes(entries), run.id * PAGES_PER_RUN + page)
      copyEntry(entries, 0, run.fences, page)
      updateFences.run(entryBytes(run.fences), run.id)
    }
    return gone.map((offset) => run.first + offset)
  }

  return {
    last: () => runs.at(-1)?.last ?? 0,
    seal({ entries, first, last }) {
      const pages = Array.from({ length: Math.ceil(entries.length / ENTRIES_PER_PAGE) }, (_, page) =>
        part(entries, page * ENTRIES_PER_PAGE),
      )
      runs = [...runs, write(0, { first, last, length: entries.length }, pages)]
      merge(0)
    },
    rising(key, atLeast, step) {
      for (const run of runs) if (run.filter.mayHold(key)) walk(run, key, atLeast, 1, step)
    },
    falling(key, atMost, step) {
      for (const run of runs) if (run.filter.mayHold(key)) walk(run, key, atMost, -1, step)
    },
    wipe(key, accepts) {
      for (const run of runs) {
        if (!run.filter.mayHold(key)) continue
        const first = Math.max(placeOf(run.fences, key, Number.NEGATIVE_INFINITY) - 1, 0)
        const last = placeOf(run.fences, key, Number.POSITIVE_INFINITY)
        for (let page = first; page < last; page += 1) {
          const gone = wipePage(run, page, key, accepts)
          if (gone.length > 0) return gone
        }
      }
      return []
    },
    dropGone(isGone) {
      const gone = runs.filter(({ first, last }) => isGone(first, last))
      drop(gone)
      runs = runs.filter((run) => !gone.includes(run))
    },
    refresh() {
      // No ID is used twice, and where entries were wiped the others stand where they stood: what is known of one holds.
      const known = new Map(runs.map((run) => [run.id, run]))
      runs = selectIds.all(index).map((row) => known.get(row['id'] as number) ?? loaded(row['id'] as number))
    },
    forget() {
      runs = []
    },
  }
}

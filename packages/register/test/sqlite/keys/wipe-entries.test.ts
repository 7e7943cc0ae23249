import { array, assert, constantFrom, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entriesOf, type KeyEntries } from '../../../src/sqlite/keys/key-entries.ts'
import type { KeyHash } from '../../../src/sqlite/keys/key-hash.ts'
import { keyRuns, type KeyRuns } from '../../../src/sqlite/keys/key-runs.ts'
import { keyTail } from '../../../src/sqlite/keys/key-tail.ts'
import { openStore, type Store } from '../../../src/sqlite/store.ts'
import { temporaryPath } from '../../temporary-folder.ts'

function opened(): Store {
  return openStore({
    path: temporaryPath(),
    readOnly: false,
    durability: 'process',
    busyTimeoutMs: 1000,
    now: () => 0,
  })
}

const KEYS = [
  { high: 0, low: 1 },
  { high: 1, low: 0 },
  { high: 0x80000000, low: 7 },
  { high: 0xffffffff, low: 0xffffffff },
] as const satisfies readonly KeyHash[]

const keyAt = (index: number): KeyHash => KEYS.at(index) ?? KEYS[0]

/** Seals rows of the keys at these indexes, position by position from 1. */
function sealed(store: Store, runs: KeyRuns, batches: readonly (readonly number[])[]): void {
  let position = 0
  for (const batch of batches) {
    const tail = keyTail(8192)
    for (const index of batch) {
      position += 1
      tail.add(keyAt(index), position, position)
    }
    store.write(() => runs.seal(tail.sorted()))
  }
}

const found = (runs: KeyRuns, key: KeyHash): ReadonlySet<number> => {
  const positions = new Set<number>()
  runs.rising(key, Number.NEGATIVE_INFINITY, (_, position) => positions.add(position).size > 0)
  return positions
}

function wipeAll(store: Store, runs: KeyRuns, key: KeyHash, accepts: (position: number) => boolean): readonly number[] {
  const gone: number[] = []
  for (;;) {
    const some = store.write(() => runs.wipe(key, accepts))
    if (some.length === 0) return gone
    gone.push(...some)
  }
}

const hashes = (page: KeyEntries): readonly KeyHash[] =>
  Array.from({ length: page.length }, (_, at) => ({
    high: page.high.at(at) ?? Number.NaN,
    low: page.low.at(at) ?? Number.NaN,
  }))

/** Every entry of every page, in order, and whether each fence is the first entry of its page. */
function everything(store: Store): { readonly entries: readonly KeyHash[]; readonly fenced: boolean } {
  const rows = store.prepare('SELECT id, entries FROM key_pages ORDER BY id').all()
  const pages = rows.map((row) => hashes(entriesOf(row['entries'] as Uint8Array)))
  const fences = store
    .prepare('SELECT fences FROM key_runs ORDER BY id')
    .all()
    .flatMap((row) => hashes(entriesOf(row['fences'] as Uint8Array)))
  return { entries: pages.flat(), fenced: JSON.stringify(fences) === JSON.stringify(pages.map(([first]) => first)) }
}

describe('wiping entries of a key', () => {
  test('leaves nothing of them, and all others where they are found, in any mix and after later merges', () => {
    assert(
      property(
        array(array(integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 9 }),
        constantFrom(0, 1, 2, 3),
        (batches, wiped) => {
          const store = opened()
          const runs = keyRuns(store, 0)
          sealed(store, runs, batches)
          const key = keyAt(wiped)
          const places = batches.flat().map((index, at) => ({ index, position: at + 1 }))
          const of = (index: number) => new Set(places.flatMap((one) => (one.index === index ? [one.position] : [])))
          expect(new Set(wipeAll(store, runs, key, () => true))).toEqual(of(wiped))

          const { entries, fenced } = everything(store)
          expect(entries.filter(({ high, low }) => high === key.high && low === key.low)).toEqual([])
          expect(fenced).toBe(true)
          const others = [0, 1, 2, 3].filter((index) => index !== wiped)
          for (const index of others) expect(found(runs, keyAt(index))).toEqual(of(index))
          // Another process reads the runs anew, and seals until they merge.
          const again = keyRuns(store, 0)
          again.refresh()
          sealed(
            store,
            again,
            Array.from({ length: 9 }, () => [others.at(0) ?? 0]),
          )
          for (const index of others.slice(1)) expect(found(again, keyAt(index))).toEqual(of(index))
          expect(found(again, key)).toEqual(new Set())
          store.close()
        },
      ),
      { numRuns: 40 },
    )
  })

  test('goes page by page through a key that fills many, and keeps what is not accepted', () => {
    const store = opened()
    const runs = keyRuns(store, 0)
    const batch = Array.from({ length: 4000 }, (_, at) => (at % 10 === 0 ? 3 : 1))
    sealed(store, runs, [batch])
    const key = KEYS[1]
    expect(store.write(() => runs.wipe(key, () => true)).length).toBeLessThanOrEqual(800)
    const left = found(runs, key)
    const kept = new Set([...left].filter((position) => position % 500 === 2))
    wipeAll(store, runs, key, (position) => !kept.has(position))
    expect(found(runs, key)).toEqual(kept)
    expect(kept.size).toBe(6)
    expect(found(runs, KEYS[3]).size).toBe(400)
    store.close()
  })

  test('finds none where the key never was', () => {
    const store = opened()
    const runs = keyRuns(store, 0)
    sealed(store, runs, [[0, 3]])
    expect(store.write(() => runs.wipe(KEYS[2], () => true))).toEqual([])
    store.close()
  })
})

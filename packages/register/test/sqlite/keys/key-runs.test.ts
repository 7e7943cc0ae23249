import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, constantFrom, property, record } from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { KeyHash } from '../../../src/sqlite/keys/key-hash.ts'
import { keyRuns, type KeyRuns } from '../../../src/sqlite/keys/key-runs.ts'
import { keyTail, type KeyTail } from '../../../src/sqlite/keys/key-tail.ts'
import { openStore, type Store } from '../../../src/sqlite/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'groundtrace-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

function opened(): Store {
  files += 1
  const path = join(folder, `${files}.db`)
  return openStore({ path, readOnly: false, durability: 'process', busyTimeoutMs: 1000, now: () => 0 })
}

interface Entry {
  readonly key: KeyHash
  readonly order: number
  readonly position: number
}

const byOrder = (a: Entry, b: Entry): number => a.order - b.order || a.position - b.position

/** Few keys and orders, so that they meet; halves at both ends, where signs and masks go wrong. */
const half = constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff)
const entry = record({ high: half, low: half, order: constantFrom(-5, 0, 0.5, 1, 1e12) })

function filled(tail: KeyTail, entries: readonly Entry[]): void {
  for (const { key, order, position } of entries) tail.add(key, order, position)
}

function sealAll(store: Store, runs: KeyRuns, batches: readonly (readonly Entry[])[]): void {
  store.write(() => {
    const tail = keyTail(4096)
    for (const batch of batches) {
      filled(tail, batch)
      runs.seal(tail.sorted())
      tail.clear()
    }
  })
}

function numbered(batches: readonly (readonly { high: number; low: number; order: number }[])[]): Entry[][] {
  let position = 0
  return batches.map((batch) =>
    batch.map(({ high, low, order }) => {
      position += 3
      return { key: { high, low }, order, position }
    }),
  )
}

function all(runs: KeyRuns, walk: 'rising' | 'falling', key: KeyHash, from: number): Entry[] {
  const found: Entry[] = []
  runs[walk](key, from, (order, position) => found.push({ key, order, position }) > 0)
  return found
}

describe('sealed runs of keys', () => {
  test('find what a list of all entries finds, from any place, up and down, merged and not', () => {
    assert(
      property(
        array(array(entry, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 20 }),
        entry,
        (given, asked) => {
          const batches = numbered(given)
          const entries = batches.flat()
          const store = opened()
          const runs = keyRuns(store, 0)
          sealAll(store, runs, batches)
          const key = { high: asked.high, low: asked.low }
          const ofKey = entries.filter((one) => one.key.high === key.high && one.key.low === key.low)
          store.read(() => {
            expect(all(runs, 'rising', key, asked.order).sort(byOrder)).toEqual(
              ofKey.filter(({ order }) => order >= asked.order).sort(byOrder),
            )
            expect(all(runs, 'falling', key, asked.order).sort(byOrder)).toEqual(
              ofKey.filter(({ order }) => order <= asked.order).sort(byOrder),
            )
          })
          expect(runs.last()).toBe(entries.at(-1)?.position)
          store.close()
        },
      ),
      { numRuns: 60 },
    )
  })

  test('give one key of thousands of entries in order, over pages', () => {
    const store = opened()
    const runs = keyRuns(store, 0)
    const key = { high: 5, low: 6 }
    const entries = Array.from({ length: 4000 }, (_, at) => ({ key, order: (at * 7919) % 4000, position: at + 1 }))
    sealAll(store, runs, [entries])
    store.read(() => {
      expect(all(runs, 'rising', key, 10).map(({ order }) => order)).toEqual(
        Array.from({ length: 3990 }, (_, at) => at + 10),
      )
      expect(all(runs, 'falling', key, 3000).map(({ order }) => order)).toEqual(
        Array.from({ length: 3001 }, (_, at) => 3000 - at),
      )
    })
    store.close()
  })

  test('stay few: the number of runs grows with the logarithm of what was sealed', () => {
    const store = opened()
    const runs = keyRuns(store, 0)
    const batches = numbered(Array.from({ length: 100 }, (_, high) => [{ high, low: 0, order: 0 }]))
    sealAll(store, runs, batches)
    // 100 is 144 to the base of 8: 1 + 4 + 4 runs.
    const count = store.read(() => store.prepare('SELECT count(*) AS runs FROM key_runs').get()?.['runs'])
    expect(count).toBe(1 + 4 + 4)
    expect(store.read(() => store.prepare('SELECT count(*) AS pages FROM key_pages').get()?.['pages'])).toBe(9)
    store.close()
  })

  test('are found by another process, and stop at the last one asked for', () => {
    const store = opened()
    const key = { high: 1, low: 2 }
    sealAll(
      store,
      keyRuns(store, 0),
      numbered([
        [
          { ...key, order: 1 },
          { ...key, order: 2 },
        ],
      ]),
    )
    const runs = keyRuns(store, 0)
    runs.refresh()
    const seen: number[] = []
    store.read(() =>
      runs.rising(key, 0, (order) => {
        seen.push(order)
        return false
      }),
    )
    expect(seen).toEqual([1])
    store.close()
  })

  test('of one index are none of another', () => {
    const store = opened()
    const key = { high: 1, low: 2 }
    sealAll(store, keyRuns(store, 0), numbered([[{ ...key, order: 1 }]]))
    const other = keyRuns(store, 1)
    other.refresh()
    expect(other.last()).toBe(0)
    expect(store.read(() => all(other, 'rising', key, 0))).toEqual([])
    store.close()
  })
})

import { array, assert, constantFrom, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyTail } from '../../../src/sqlite/keys/key-tail.ts'

/** Few keys and orders, so that they meet in every way. */
const half = constantFrom(0, 1, 0x80000000, 0xffffffff)
const entry = record({ high: half, low: half, order: constantFrom(-5, 0, 0.5, 1, 0xffffffff, 1e12) })

const CAPACITY = 2 ** 15

/** Milliseconds that it takes to add, and look for, as many entries as a tail holds. */
function millisecondsFor(keyAt: (index: number) => { readonly high: number; readonly low: number }): number {
  const tail = keyTail(CAPACITY)
  const started = performance.now()
  let found = 0
  for (let index = 0; index < CAPACITY; index += 1) {
    const order = Math.imul(index, 0x9e3779b1) >>> 0
    tail.at(keyAt(index), order, () => (found += 1))
    tail.add(keyAt(index), order, index + 1)
  }
  expect(found).toBe(0)
  return performance.now() - started
}

const many = (index: number) => ({ high: index, low: Math.imul(index, 0x85ebca6b) >>> 0 })

describe('the unsealed entries of keys', () => {
  test('are found as a list of all entries finds them, and again after they were cleared', () => {
    assert(
      property(array(entry, { maxLength: 40 }), entry, (given, asked) => {
        const entries = given.map((one, index) => ({ ...one, position: 3 * index + 7 }))
        const ofKey = entries.filter(({ high, low }) => high === asked.high && low === asked.low)
        const tail = keyTail(64)
        for (let round = 0; round < 2; round += 1) {
          for (const { high, low, order, position } of entries) tail.add({ high, low }, order, position)
          const each: number[] = []
          tail.each(asked, (_, position) => each.push(position))
          expect(each).toEqual(ofKey.map(({ position }) => position).reverse())
          const at: number[] = []
          tail.at(asked, asked.order, (_, position) => at.push(position))
          expect(at).toEqual(
            ofKey
              .filter(({ order }) => order === asked.order)
              .map(({ position }) => position)
              .reverse(),
          )
          expect(tail.last()).toBe(entries.at(-1)?.position)
          tail.clear()
        }
      }),
    )
  })

  test('of one key take no longer than those of many', () => {
    const one = { high: 5, low: 6 }
    millisecondsFor(many)
    // To look at all others of the key at each step takes a hundred times as long.
    expect(millisecondsFor(() => one)).toBeLessThan(20 * millisecondsFor(many))
  })
})

import { assert, integer, property, record, uniqueArray } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { latestEntries } from '../../../src/sqlite/keys/latest-entries.ts'

describe('the latest entries', () => {
  test('are the head of all entries in order, and each is told whether it is among them', () => {
    const entry = record({ time: integer({ min: 0, max: 9 }), position: integer({ min: 1, max: 1000 }) })
    assert(
      property(
        uniqueArray(entry, { maxLength: 60, selector: ({ position }) => position }),
        integer({ min: 1, max: 20 }),
        (entries, most) => {
          const latest = latestEntries(most)
          const seen: typeof entries = []
          const head = () =>
            seen
              .toSorted((a, b) => b.time - a.time || b.position - a.position)
              .slice(0, most)
              .map(({ position }) => position)
          for (const one of entries) {
            const taken = latest.add(one.time, one.position)
            seen.push(one)
            expect(latest.positions()).toEqual(head())
            expect(taken || !head().includes(one.position)).toBe(true)
          }
        },
      ),
    )
  })
})

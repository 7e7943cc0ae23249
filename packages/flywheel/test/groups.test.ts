import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { joinedGroups } from '../src/groups.ts'

it('joins what shares a key, also over others, and leaves the rest alone', () => {
  expect(joinedGroups([['a'], ['b'], [], ['b', 'c'], ['c', 'a'], []])).toEqual([0, 0, 2, 0, 0, 5])
})

it('agrees with the transitive closure of “shares a key” (Warshall)', () => {
  const keys = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 2 }), {
    maxLength: 12,
  })
  fc.assert(
    fc.property(keys, (keys) => {
      const linked = keys.map((own, i) => keys.map((other, j) => i === j || own.some((key) => other.includes(key))))
      for (const k of keys.keys())
        for (const i of keys.keys())
          for (const j of keys.keys()) if (linked[i]?.[k] && linked[k]?.[j]) linked[i][j] = true
      expect(joinedGroups(keys)).toEqual(linked.map((row) => row.indexOf(true)))
    }),
  )
})

it('takes long chains without running out of stack', () => {
  const chain = Array.from({ length: 50_000 }, (_, index) => [`${index}`, `${index + 1}`]).toReversed()
  expect(new Set(joinedGroups(chain)).size).toBe(1)
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, sameContent } from '../src/content.ts'

const shuffledKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffledKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, shuffledKeys(part)]),
  )
}

describe('content', () => {
  it('is the same whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameContent(value, shuffledKeys(value))).toBe(true)
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('differs where a value, an order of items or a key differs', () => {
    const value = { a: [1, 2], b: { c: 'x' } }
    for (const other of [
      { a: [2, 1], b: { c: 'x' } },
      { a: [1, 2], b: { c: 'y' } },
      { a: [1, 2], b: { d: 'x' } },
      { a: [1, 2] },
      { a: [1, '2'], b: { c: 'x' } },
      { a: [1, 2], b: { c: 'x' }, e: null },
      undefined,
    ]) {
      expect(sameContent(value, other)).toBe(false)
    }
  })

  it('does not change by what is undefined', () => {
    expect(sameContent({ a: 1, b: undefined }, { a: 1 })).toBe(true)
    expect(sameContent(undefined, undefined)).toBe(true)
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fnv1a } from '../src/fnv1a.ts'

describe('fnv1a', () => {
  // RFC 9923, test values of the 32-bit FNV-1a.
  test('gives the published values', () => {
    expect(fnv1a('')).toBe(0x811c9dc5)
    expect(fnv1a('a')).toBe(0xe40c292c)
    expect(fnv1a('foobar')).toBe(0xbf9cf968)
  })

  // The definition in RFC 9923, in exact arithmetic over the bytes of UTF-8.
  test('is the published recurrence for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fnv1a(text)).toBe(recurrence(text))
      }),
    )
  })

  test('goes on from the hash of what stands before', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(fnv1a(b, fnv1a(a))).toBe(fnv1a(a + b))
      }),
    )
  })
})

function recurrence(text: string): number {
  let hash = 0x811c9dc5n
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 2n ** 32n
  return Number(hash)
}

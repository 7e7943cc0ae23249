import { quote } from '@groundtrace/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { junk } from './arbitrary.ts'

test.each([
  ['spam', '"spam"'],
  ['a"b', String.raw`"a\"b"`],
  ['a\nb\0', String.raw`"a\nb\u0000"`],
  ['a\u2028b\u202Ec\u0085', String.raw`"a\u2028b\u202ec\u0085"`],
  [3.5, '3.5'],
  [Number.NaN, 'NaN'],
  [7n, '7'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [['a'], 'an array'],
  [{ a: 1 }, 'a value of type object'],
  [Symbol('s'), 'a value of type symbol'],
])('%o is shown as %s', (value, shown) => {
  expect(quote(value)).toBe(shown)
})

test('a long text is cut and says so', () => {
  expect(quote('x'.repeat(81))).toBe(`"${'x'.repeat(80)}…"`)
  expect(quote('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`)
})

test('anything becomes one bounded line without control characters', () => {
  fc.assert(
    fc.property(fc.oneof(junk, fc.string({ unit: 'binary' })), (value) => {
      const shown = quote(value)
      expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      expect(shown.isWellFormed()).toBe(true)
      expect(shown.length).toBeLessThanOrEqual(2 + 80 * 6 + 1)
    }),
  )
})

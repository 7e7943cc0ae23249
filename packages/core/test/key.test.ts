import { isName, MAX_KEY_LENGTH } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { isKey } from '../src/key.ts'

describe('a name', () => {
  test.each(['a', 'A1', '0', 'mail.filter-v2_b', 'constructor', 'x'.repeat(64)])('can be %s', (text) => {
    expect(isName(text)).toBe(true)
  })

  test.each([
    '',
    'x'.repeat(65),
    '_a',
    '.a',
    '-a',
    'a b',
    'a\n',
    'é',
    'a/b',
    '__proto__',
    '١',
    7,
    null,
    undefined,
    ['a'],
  ])('can not be %j', (text) => {
    expect(isName(text)).toBe(false)
  })
})

describe('a key', () => {
  test.each(['a', ' ', 'order 7/2026', '発注', '😀', 'constructor', 'x'.repeat(256)])('can be %s', (text) => {
    expect(isKey(text)).toBe(true)
  })

  test.each([
    ['the empty text', ''],
    ['longer than 256', 'x'.repeat(257)],
    ['a text with NUL', 'a\0b'],
    ['half a surrogate pair', '\uD83D'],
    ['__proto__', '__proto__'],
    ['a number', 7],
    ['an array', ['a']],
    ['nothing', undefined],
  ])('can not be %s', (_, text) => {
    expect(isKey(text)).toBe(false)
  })

  test('is at most 256 characters long', () => {
    expect(MAX_KEY_LENGTH).toBe(256)
  })
})

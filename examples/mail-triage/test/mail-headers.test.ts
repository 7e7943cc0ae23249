import { describe, expect, test } from 'vitest'
import { readHeaders, withoutMailboxLine } from '../src/mail-headers.ts'

describe('readHeaders', () => {
  test('unfolds values, lowers names, keeps the order and stops at the blank line', () => {
    const raw =
      'From a@example.org  Thu Aug 22 2002\nReceived: from here\n\tby there;\n  today\r\nSUBJECT : A  title\n\nTo: body'
    expect(readHeaders(raw)).toEqual([
      { name: 'received', value: 'from here by there; today' },
      { name: 'subject', value: 'A  title' },
    ])
  })

  test('passes over lines that are no header', () => {
    expect(readHeaders(' folded onto nothing\nno header\n: no name\nA: b')).toEqual([{ name: 'a', value: 'b' }])
    expect(readHeaders('')).toEqual([])
  })

  test('takes only the separator of a mailbox file from the start', () => {
    expect(withoutMailboxLine('From a\nFrom: b')).toBe('From: b')
    expect(withoutMailboxLine('From: b')).toBe('From: b')
  })
})

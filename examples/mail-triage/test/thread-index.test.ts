import { describe, expect, test } from 'vitest'
import { readHeaders } from '../src/mail-headers.ts'
import { createThreadIndex, plainSubject } from '../src/thread-index.ts'

const threadsOf = (heads: readonly string[]) => {
  const index = createThreadIndex()
  return heads.map((head, number) => index.assign(String(number), readHeaders(head)))
}

describe('createThreadIndex', () => {
  test('follows references to any earlier mail of the conversation', () => {
    const heads = [
      'Message-Id: <a@x>\nSubject: one',
      'Message-Id: <b@x>\nIn-Reply-To: <a@x>\nSubject: two',
      'Message-Id: <c@x>\nReferences: <unknown@x> <b@x>\nSubject: three',
      'Message-Id: <d@x>\nSubject: four',
    ]
    expect(threadsOf(heads)).toEqual(['0', '0', '0', '3'])
  })

  test('puts replies to the same unseen mail together', () => {
    expect(threadsOf(['Message-Id: <b@x>\nIn-Reply-To: <gone@x>', 'Message-Id: <c@x>\nIn-Reply-To: <gone@x>'])).toEqual(
      ['0', '0'],
    )
  })

  test('puts mails of one telling subject together, and of a short one apart', () => {
    const heads = [
      'Subject: A long enough subject',
      'Subject: Re: [list] A  long enough SUBJECT',
      'Subject: hello',
      'Subject: Re: hello',
    ]
    expect(threadsOf(heads)).toEqual(['0', '0', '2', '3'])
  })
})

describe('plainSubject', () => {
  test('takes off marks and tags in any order', () => {
    expect(plainSubject('Re: [ILUG] RE[2]: Fwd: [a b]  Two   words')).toBe('two words')
    expect(plainSubject('Regarding: this')).toBe('regarding: this')
  })
})

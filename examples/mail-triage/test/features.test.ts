import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadCorpus } from '../src/corpus.ts'
import { BUCKETS, extractFeatures } from '../src/features.ts'
import { parseMail } from '../src/mail-text.ts'
import { maskMail } from '../src/masking.ts'

const featuresOf = (subject: string, body: string) => extractFeatures(maskMail({ subject, body, names: new Set() }))

const featuresOfRaw = async (raw: string) => extractFeatures(maskMail(await parseMail(raw)))

/** FNV-1a of RFC 9923, folded to 14 bits, in exact arithmetic. */
function bucketOf(part: 'subject' | 'body', word: string): number {
  let hash = 0x811c9dc5n
  for (const byte of new TextEncoder().encode(`${part}\0${word}`))
    hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 2n ** 32n
  return Number(((hash >> 14n) ^ hash) & 0x3fffn)
}

describe('extractFeatures', () => {
  test('counts words in the bucket of their folded hash, subject and body apart', () => {
    const { buckets, counts } = featuresOf('money', 'more money, MORE')
    const expected = new Map([
      [bucketOf('subject', 'money'), 1],
      [bucketOf('body', 'more'), 2],
      [bucketOf('body', 'money'), 1],
    ])
    expect(expected.size).toBe(3)
    expect(new Map(buckets.map((bucket, index) => [bucket, counts[index]]))).toEqual(expected)
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b))
  })

  test('counts masks, shouts and undecodable letters as words', () => {
    const { buckets } = featuresOf('', 'http://example.org $$ caf\uFFFD')
    const expected = ['‹url›', '$', 'caf\uFFFD'].map((word) => bucketOf('body', word))
    expect(buckets).toEqual(expected.sort((a, b) => a - b))
  })

  test('does not depend on the order of words', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'é'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(word, { maxLength: 50 }), (words) => {
        expect(featuresOf('', words.join(' '))).toEqual(featuresOf('', words.toReversed().join(' ')))
      }),
    )
  })

  test('has ascending buckets in range and whole counts of at least 1 for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const { buckets, counts } = featuresOf(text, text)
        expect(counts).toHaveLength(buckets.length)
        expect(buckets.every((bucket, index) => Number.isInteger(bucket) && bucket > (buckets[index - 1] ?? -1))).toBe(
          true,
        )
        expect((buckets.at(-1) ?? 0) < BUCKETS).toBe(true)
        expect(counts.every((count) => Number.isInteger(count) && count >= 1)).toBe(true)
      }),
    )
  })

  test('reads a bounded number of words', () => {
    const { counts } = featuresOf('', 'a b c d '.repeat(2000))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000)
  })

  test('uses no header that tells how a mail was collected', async () => {
    const mails = loadCorpus().mails.filter((_, index) => index % 60 === 0)
    for (const { raw } of mails) {
      const [head = '', ...body] = raw.split('\n\n')
      const read = /^(?:from|to|cc|sender|reply-to|subject|mime-version|content-[a-z-]+):/i
      const kept = head.split(/\n(?![ \t])/).filter((header) => read.test(header))
      const bare = [['X-Mailer: another', 'List-Id: another', ...kept].join('\n'), ...body].join('\n\n')
      expect(await featuresOfRaw(bare)).toEqual(await featuresOfRaw(raw))
    }
  })

  test('is its own JSON', () => {
    const features = featuresOf('a b', 'c c d')
    expect(JSON.parse(JSON.stringify(features))).toEqual(features)
  })

  test('says what to do with what is no mail', () => {
    for (const wrong of [undefined, null, 'text', { subject: 'x' }]) {
      expect(() => extractFeatures(wrong as never)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    }
  })
})

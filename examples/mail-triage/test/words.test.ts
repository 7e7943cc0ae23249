import { describe, expect, test } from 'vitest'
import { count, day, percent, percentInterval, table } from '../src/words.ts'

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
})

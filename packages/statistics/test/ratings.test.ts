import { type Rating, ratingsFrom } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAnswers, parseRatings } from '../src/ratings.ts'
import { refusal } from './refusal.ts'

const rating = fc.record({
  unit: fc.oneof(
    fc.integer({ min: -5, max: 20 }),
    fc.constantFrom(0.5, 255, 256, 2 ** 20 - 1, 2 ** 20, 2 ** 40, -(2 ** 40)),
    fc.stringMatching(/^[a-z]?$/),
  ),
  rater: fc.stringMatching(/^[a-e]{1,2}$/),
  value: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('no', 'yes', '')),
})
const rows = fc.uniqueArray(rating, { maxLength: 60, selector: ({ unit, rater }) => JSON.stringify([unit, rater]) })

/** The rows that columns stand for. */
function rowsOf(list: Iterable<Rating>): Rating[] {
  const { units, raters, values, unitStarts, raterCodes, valueCodes } = ratingsFrom(list)
  return units.flatMap((unit, index) =>
    Array.from(raterCodes.subarray(unitStarts[index], unitStarts[index + 1]), (rater, place) => ({
      unit,
      rater: raters[rater] ?? '',
      value: values[valueCodes[(unitStarts[index] ?? 0) + place] ?? -1] ?? '',
    })),
  )
}

const key = ({ unit, rater, value }: Rating) => JSON.stringify([unit, rater, value])

test('hold every row, grouped by unit, and in the order of the rows within a unit', () => {
  fc.assert(
    fc.property(rows, (list) => {
      const grouped = [...Map.groupBy(list, ({ unit }) => unit).values()].flat()
      expect(rowsOf(list).map(key)).toEqual(grouped.map(key))
      expect(ratingsFrom(new Set(list)).size).toBe(list.length)
    }),
  )
})

test('have their values in one order, whatever the order of the rows', () => {
  const list = [10, 'b', 9, 'B', -1, 'a'].map((value, index) => ({ unit: 1, rater: index, value }))
  const order = [-1, 9, 10, 'B', 'a', 'b']
  expect(ratingsFrom(list).values).toEqual(order)
  expect(ratingsFrom(list.toReversed()).values).toEqual(order)
})

test('of no rows have no units', () => {
  const { units, raters, values, size, unitStarts } = ratingsFrom([])
  expect([units, raters, values, size, [...unitStarts]]).toEqual([[], [], [], 0, [0]])
})

test('are taken as they are where a statistic is given them', () => {
  const ratings = ratingsFrom([{ unit: 1, rater: 1, value: 1 }])
  expect(parseRatings(ratings)).toBe(ratings)
})

test('take 0 and −0 for one value', () => {
  const { values } = ratingsFrom([
    { unit: 'a', rater: 'x', value: -0 },
    { unit: 'a', rater: 'y', value: 0 },
  ])
  expect(values).toStrictEqual([0])
})

describe('refuse', () => {
  const good = { unit: 'a', rater: 'x', value: 1 }

  test.each([undefined, null, Number.NaN, Infinity, true, {}, 3n, Symbol('s')])(
    '%s anywhere, naming the row',
    (bad) => {
      for (const column of ['unit', 'rater', 'value']) {
        expect(() => ratingsFrom([good, { ...good, rater: 'y', [column]: bad }])).toThrow(
          refusal('invalid-argument', new RegExp(`^rows\\[1\\]\\.${column} is `)),
        )
      }
    },
  )

  test.each([undefined, null, 7, 'text'])('a row that is %s', (bad) => {
    expect(() => ratingsFrom([good, bad as never])).toThrow(refusal('invalid-argument', /^rows\[1\] is/))
  })

  test.each([undefined, null, 7, 'text', { unit: 1 }])('%s for rows', (bad) => {
    expect(() => ratingsFrom(bad as never)).toThrow(refusal('invalid-argument', /ratings/))
  })

  test.each([1, 2])('a second rating of a unit by a rater, naming both, where agreement is asked', (value) => {
    const ratings = ratingsFrom([good, { unit: 'b', rater: 'x', value: 1 }, { ...good, value }])
    expect(() => parseRatings(ratings)).toThrow(refusal('duplicate-rating', /Rater "x" rated unit "a" more than once/))
    expect(parseAnswers(ratings)).toBe(ratings)
  })

  test('a number and a text that read alike', () => {
    expect(() => ratingsFrom([good, { unit: 'a', rater: 'y', value: '1' }])).toThrow(
      refusal('invalid-argument', /value must have one type, and 1 comes/),
    )
  })
})

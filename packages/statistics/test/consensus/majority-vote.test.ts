import { agreementWeighted, majorityVote } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { near } from './near.ts'
import { otherLibraries, theirRows } from './other-libraries.ts'
import { anyRows, anyRowsTwice } from './random-answers.ts'

/** Exact by hand: mail 1 is 2 to 1 for spam, mail 2 a draw, mail 3 unanimous. */
const rows = [
  { unit: 'm1', rater: 'ann', value: 'spam' },
  { unit: 'm1', rater: 'bo', value: 'spam' },
  { unit: 'm1', rater: 'cy', value: 'ham' },
  { unit: 'm2', rater: 'cy', value: 'spam' },
  { unit: 'm2', rater: 'ann', value: 'ham' },
  { unit: 'm3', rater: 'bo', value: 'ham' },
]

describe('a majority vote', () => {
  test('gives shares of answers, and reports a draw with the first class in order', () => {
    const { of, classes, units, posterior } = majorityVote(rows)
    expect([classes, units]).toEqual([
      ['ham', 'spam'],
      ['m1', 'm2', 'm3'],
    ])
    expect([...posterior]).toEqual([1 / 3, 2 / 3, 0.5, 0.5, 1, 0])
    expect(of('m1')).toEqual({
      label: 'spam',
      tied: false,
      leaders: ['spam'],
      probability: { ham: 1 / 3, spam: 2 / 3 },
    })
    expect(of('m2')).toEqual({
      label: 'ham',
      tied: true,
      leaders: ['ham', 'spam'],
      probability: { ham: 0.5, spam: 0.5 },
    })
  })

  test('counts every answer of a rater who repeats', () => {
    const repeated = [...rows, { unit: 'm2', rater: 'cy', value: 'spam' }]
    expect(majorityVote(repeated).of('m2')).toMatchObject({ label: 'spam', tied: false })
  })

  test('keeps numbers as numbers, in their order', () => {
    const { classes, units, of } = majorityVote([10, 9, 9].map((value, rater) => ({ unit: 20 - rater, rater, value })))
    expect([classes, units, of(20).label]).toEqual([[9, 10], [18, 19, 20], 10])
  })

  test('has a class of any name', () => {
    const { of } = majorityVote([{ unit: '__proto__', rater: 'x', value: '__proto__' }])
    expect(of('__proto__').label).toBe('__proto__')
    expect(Object.entries(of('__proto__').probability)).toEqual([['__proto__', 1]])
  })

  test('is the same for any order of the rows', () => {
    fc.assert(
      fc.property(anyRowsTwice, ([one, other]) => {
        for (const method of [majorityVote, agreementWeighted]) {
          expect(method(other).posterior).toEqual(method(one).posterior)
          expect(method(other).units).toEqual(method(one).units)
        }
      }),
    )
  })

  test('of no answers has no units', () => {
    expect([majorityVote([]).units, agreementWeighted([]).raters]).toEqual([[], []])
    expect(() => majorityVote([]).of('a')).toThrow(refusal('unknown-unit'))
  })
})

describe('agreement with the majority as weight', () => {
  test('counts by hand: Ann agrees in 2 of 2, Bo in 2 of 2, Cy in 0 of 2', () => {
    // The draw goes to ham, the first in order.
    const { raters, skill, of } = agreementWeighted(rows)
    expect([raters, [...skill]]).toEqual([
      ['ann', 'bo', 'cy'],
      [1, 1, 0],
    ])
    expect(of('m1').probability).toEqual({ ham: 0, spam: 1 })
    expect(of('m2')).toMatchObject({ label: 'ham', tied: false, probability: { ham: 1, spam: 0 } })
  })

  test('is what crowd-kit computes', () => {
    const { untied, skill, probability } = otherLibraries.crowdKit.wawa
    const consensus = agreementWeighted(theirRows.filter(({ unit }) => untied.includes(String(unit))))
    expect(consensus.raters).toEqual(otherLibraries.raters)
    expect([...consensus.skill]).toEqual(near(skill, 1e-12))
    expect([...consensus.posterior]).toEqual(
      near(
        consensus.units.flatMap((unit) => probability[unit] ?? []),
        1e-12,
      ),
    )
  })

  test('leaves no unit without weight', () => {
    fc.assert(
      fc.property(anyRows, (list) => {
        const { posterior, classes } = agreementWeighted(list)
        for (let row = 0; row < posterior.length; row += classes.length) {
          const total = posterior.subarray(row, row + classes.length).reduce((a, b) => a + b, 0)
          expect(total).toBeCloseTo(1, 12)
        }
      }),
    )
  })
})

import {
  hastyRaters,
  type JudgedAnswer,
  type TimedAnswer,
  unitDependence,
  wilsonInterval,
} from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { near } from './near.ts'

/** Units take from 10 to 300 seconds; each rater needs this part of it. */
function timed(units: number, paces: Readonly<Record<string, (unit: number) => number>>): TimedAnswer[] {
  return Array.from({ length: units }, (_, unit) => unit).flatMap((unit) =>
    Object.entries(paces).map(([rater, pace]) => ({ unit, rater, seconds: (10 + 10 * (unit % 30)) * pace(unit) })),
  )
}

describe('haste', () => {
  test('is told from quick work by the time that others take for the same unit', () => {
    const rows = timed(60, { ann: () => 1, bo: () => 0.6, cy: () => 1.2, di: (unit) => (unit % 2 === 0 ? 0.1 : 1) })
    const raters = new Map(hastyRaters(rows).map((row) => [row.rater, row]))
    expect([...raters.values()].map(({ careless }) => careless)).toEqual(['no', 'no', 'no', 'yes'])
    // Bo against the median of 1, 1.2 and, in every other unit, 0.1: always 0.6 of 1.
    expect(raters.get('bo')).toMatchObject({ answers: 60, tooFast: 0, pace: expect.closeTo(0.6, 12) as number })
    expect(raters.get('di')).toMatchObject({ answers: 60, tooFast: 30, interval: wilsonInterval(30, 60) })
  })

  test('is not seen in one who leaves the page open', () => {
    const rows = timed(60, { ann: () => 1, bo: () => 1, cy: (unit) => (unit % 3 === 0 ? 500 : 1) })
    expect(hastyRaters(rows).map(({ careless }) => careless)).toEqual(['no', 'no', 'no'])
  })

  test('is unknown of few answers, and of units that too few others answered', () => {
    expect(hastyRaters(timed(3, { ann: () => 1, bo: () => 1, cy: () => 0.2 })).map(({ careless }) => careless)).toEqual(
      ['unknown', 'unknown', 'unknown'],
    )
    expect(hastyRaters(timed(90, { ann: () => 1, bo: () => 0.1 }))).toMatchObject([
      { rater: 'ann', answers: 0, pace: undefined, interval: [0, 1], careless: 'unknown' },
      { rater: 'bo', answers: 0, careless: 'unknown' },
    ])
  })

  test.each([
    [[{ unit: 1, rater: 1, seconds: 0 }], undefined, /answers\[0\]\.seconds is 0/],
    [[{ unit: 1, rater: 1, seconds: '3' }], undefined, /answers\[0\]\.seconds is "3"/],
    [[{ unit: 1, rater: 1 }], undefined, /answers\[0\]\.seconds is undefined/],
    [[], { part: 1 }, /part is 1/],
    [[], { tolerated: 0 }, /tolerated is 0/],
  ])('refuses %j with %j', (rows, options, cause) => {
    expect(() => hastyRaters(rows as never, options)).toThrow(refusal('invalid-argument', cause))
  })
})

/** So many answers of one rater for units of each truth, of which so many are each value. */
const judged = (rater: string, counts: Readonly<Record<string, Readonly<Record<string, number>>>>): JudgedAnswer[] =>
  Object.entries(counts).flatMap(([truth, row]) =>
    Object.entries(row).flatMap(([value, count]) => Array.from({ length: count }, () => ({ rater, value, truth }))),
  )

describe('dependence on the unit', () => {
  const [careful, constant, dice, few, onesided] = unitDependence([
    ...judged('careful', { ham: { ham: 90, spam: 10 }, spam: { ham: 20, spam: 80 } }),
    ...judged('constant', { ham: { ham: 170 }, spam: { ham: 30 } }),
    ...judged('dice', { ham: { ham: 50, spam: 50 }, spam: { ham: 50, spam: 50 } }),
    ...judged('few', { ham: { ham: 4 }, spam: { ham: 1 } }),
    ...judged('onesided', { ham: { ham: 40, spam: 2 } }),
  ])

  test('is the index of Youden for two classes', () => {
    expect(careful?.dependence.value).toBeCloseTo(0.9 + 0.8 - 1, 12)
    expect([constant?.dependence.value, dice?.dependence.value]).toEqual(near([0, 0], 1e-12))
  })

  test('is next to nothing for one who always says the same, right as that mostly is, and for one who rolls dice', () => {
    expect([careful, constant, dice].map((rater) => rater?.careless)).toEqual(['no', 'yes', 'yes'])
  })

  test('is unknown of few answers, and where only one class is there to be told', () => {
    expect(few?.careless).toBe('unknown')
    expect(onesided).toMatchObject({ careless: 'unknown', dependence: { value: undefined, interval: undefined } })
  })

  test('is 1 for one who is always right, with more classes too', () => {
    const [perfect] = unitDependence(judged('p', { a: { a: 50 }, b: { b: 50 }, c: { c: 50 } }))
    expect(perfect?.dependence.value).toBeCloseTo(1, 12)
    const [random] = unitDependence(
      judged('r', { a: { a: 20, b: 20, c: 20 }, b: { a: 20, b: 20, c: 20 }, c: { a: 20, b: 20, c: 20 } }),
    )
    expect(random?.dependence.value).toBeCloseTo(0, 12)
  })

  test('refuses a limit that is none', () => {
    expect(() => unitDependence([], { limit: 1 })).toThrow(refusal('invalid-argument', /limit is 1/))
  })
})

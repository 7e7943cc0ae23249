import { kaplanMeier, wilsonInterval } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'

/** Weeks of remission under 6-MP: Freireich et al., Blood 21 (1963), 699–716; the 21 of the treated arm. */
const EVENTS = [6, 6, 6, 7, 10, 13, 16, 22, 23]
const CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
const remissions = [...EVENTS.map((time) => ({ time, events: 1 })), ...CENSORED.map((time) => ({ time, censored: 1 }))]

// The factors (n − d) / n of Kleinbaum & Klein, "Survival Analysis", table of the 6-MP group.
const FACTORS = [
  [6, 18, 21],
  [7, 16, 17],
  [10, 14, 15],
  [13, 11, 12],
  [16, 10, 11],
  [22, 6, 7],
  [23, 5, 6],
] as const

describe('the remissions of Freireich and others, 1963', () => {
  const curve = kaplanMeier(remissions)

  test('have the survival of the published table, as a product of exact fractions', () => {
    let survival = 1
    for (const [index, [time, left, atRisk]] of FACTORS.entries()) {
      survival *= left / atRisk
      expect(curve.steps[index]).toMatchObject({ time, atRisk, events: atRisk - left })
      expect(curve.steps[index]?.survival).toBeCloseTo(survival, 12)
    }
    expect(curve.steps).toHaveLength(FACTORS.length)
    expect(curve).toMatchObject({ units: 21, events: 9, until: 35 })
  })

  // Stata's `sts list` of these data, printed with 4 decimals: survivor function and 95 % interval (log-log).
  test.each([
    [6, 0.8571, 0.6197, 0.9516],
    [7, 0.8067, 0.5631, 0.9228],
    [10, 0.7529, 0.5032, 0.8894],
    [13, 0.6902, 0.4316, 0.8491],
    [16, 0.6275, 0.3675, 0.8049],
    [22, 0.5378, 0.2678, 0.7468],
    [23, 0.4482, 0.1881, 0.6801],
  ])('have the printed interval after %d weeks', (time, survival, low, high) => {
    const estimate = curve.at(time)
    expect(estimate?.survival.toFixed(4)).toBe(survival.toFixed(4))
    expect(estimate?.interval?.map((end) => end.toFixed(4))).toEqual([low.toFixed(4), high.toFixed(4)])
  })

  test('are known between the events, and not beyond the longest that was watched', () => {
    expect(curve.at(21.9)?.survival).toBe(curve.at(16)?.survival)
    expect(curve.at(35)?.survival).toBe(curve.at(23)?.survival)
    expect(curve.at(35.1)).toBeUndefined()
    // Before the first event: 21 of 21.
    expect(curve.at(5)).toEqual({ survival: 1, interval: wilsonInterval(21, 21) })
  })

  test('read the same from counts', () => {
    const times = new Set([...EVENTS, ...CENSORED])
    const counted = [...times].map((time) => ({
      time,
      events: EVENTS.filter((other) => other === time).length,
      censored: CENSORED.filter((other) => other === time).length,
    }))
    expect(kaplanMeier(counted).steps).toEqual(curve.steps)
  })
})

const row = fc.record({ time: fc.nat(30), events: fc.nat(20), censored: fc.nat(20) })
const rows = fc
  .array(row, { minLength: 1, maxLength: 30 })
  .filter((list) => list.some(({ events, censored }) => events + censored > 0))

describe('whatever was watched', () => {
  test('without censoring survival is the share that took longer', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const events = list.map(({ time, events: count }) => ({ time, events: count + 1 }))
        const all = events.reduce((total, one) => total + one.events, 0)
        for (const step of kaplanMeier(events).steps) {
          const longer = events.reduce((total, one) => (one.time > step.time ? total + one.events : total), 0)
          expect(step.survival).toBeCloseTo(longer / all, 10)
        }
      }),
    )
  })

  test('survival falls, stays within its interval, and does not depend on the order or the cut of the rows', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const curve = kaplanMeier(list)
        let before = 1
        for (const { survival, interval: [low, high] = [-1, 2] } of curve.steps) {
          expect(survival).toBeLessThan(before)
          before = survival
          expect(low).toBeLessThan(survival)
          expect(high).toBeGreaterThan(survival)
          const ends = survival === 0 ? [-1, 2] : [Math.max(0, low), Math.min(1, high)]
          expect([low, high]).toEqual(ends)
        }
        const cut = list.toReversed().flatMap(({ time, events, censored }) => [
          { time, censored },
          { time, events },
        ])
        expect(kaplanMeier(cut).steps).toEqual(curve.steps)
      }),
    )
  })

  test('where the last ones all had their event nobody is left, for ever', () => {
    const curve = kaplanMeier([
      { time: 1, events: 0.1, censored: 0.2 },
      { time: 2, events: 0.7 },
    ])
    expect(curve.at(99)).toEqual({ survival: 0, interval: undefined })
  })
})

test.each([
  ['no list', 7, 'invalid-argument'],
  ['no row', [3], 'invalid-argument'],
  ['a duration below 0', [{ time: -1, events: 1 }], 'invalid-argument'],
  ['an endless duration', [{ time: Number.POSITIVE_INFINITY, events: 1 }], 'invalid-argument'],
  ['a count below 0', [{ time: 1, events: -1 }], 'invalid-argument'],
  ['a count that is none', [{ time: 1, censored: Number.NaN }], 'invalid-argument'],
  [
    'counts too large to add',
    [
      { time: 1, events: 1e308 },
      { time: 2, events: 1e308 },
    ],
    'invalid-argument',
  ],
  ['nobody', [], 'no-data'],
  ['rows of nobody', [{ time: 1 }], 'no-data'],
] as const)('%s is refused with cause and next step', (_, given, code) => {
  expect(() => kaplanMeier(given as never)).toThrow(refusal(code))
})

test('a time that is none is refused', () => {
  const curve = kaplanMeier([{ time: 1, events: 1 }])
  expect(() => curve.at(Number.NaN)).toThrow(refusal('invalid-argument'))
})

import { krippendorffAlpha, seededRandom } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { FOUR_OBSERVERS, ratingsOf } from './published-ratings.ts'

type Draw = (random: () => number) => readonly number[]

/** Raters who know the class with probability `skill`, and else name any. */
const crowd =
  (shares: readonly number[], skill: number, raters: number): Draw =>
  (random) => {
    let [left, truth] = [random(), 0]
    while (truth < shares.length - 1 && left >= (shares[truth] ?? 0)) {
      left -= shares[truth] ?? 0
      truth += 1
    }
    return Array.from({ length: raters }, () => (random() < skill ? truth : Math.floor(random() * shares.length)))
  }

/** Measurements of a normal quantity with normal errors of half its deviation: alpha is 1 / (1 + 1/4). */
const measurements: Draw = (random) => {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const truth = normal()
  return [truth + normal() / 2, truth + normal() / 2]
}

const rowsOf = (units: readonly (readonly number[])[]) =>
  units.flatMap((values, unit) => values.map((value, rater) => ({ unit, rater, value })))

const populations = [
  ['three classes', 'nominal', crowd([0.4, 0.3, 0.3], 0.8, 3), 100],
  ['a rare class', 'nominal', crowd([0.9, 0.1], 0.8, 3), 100],
  ['five raters of little skill', 'ordinal', crowd([0.2, 0.2, 0.2, 0.2, 0.2], 0.6, 5), 50],
  ['measurements', 'interval', measurements, 50],
] as const

describe('an interval of 95 % holds the alpha of the population about as often as it says:', () => {
  test.each(populations)('%s, %s', (name, level, draw, units) => {
    const random = seededRandom(name)
    const truth = krippendorffAlpha(rowsOf(Array.from({ length: 40_000 }, () => draw(random))), { level }).alpha ?? 2
    const runs = 300
    let held = 0
    for (let run = 0; run < runs; run += 1) {
      const rows = rowsOf(Array.from({ length: units }, () => draw(random)))
      const { interval } = krippendorffAlpha(rows, { level, bootstrap: { random, resamples: 399 } })
      held += Number(interval !== undefined && interval[0] <= truth && truth <= interval[1])
    }
    // 95 % of 300 runs with a standard error of 1.3 points; the percentile interval is known to be short by a few.
    expect(held / runs).toBeGreaterThan(0.9)
    expect(held / runs).toBeLessThan(0.99)
  })
})

test('the interval is as wide where every unit is of its own kind as where units are of few kinds', () => {
  // Values that differ by next to nothing: all units are drawn one by one instead of by their patterns.
  const random = seededRandom('noise')
  const draw = crowd([0.5, 0.3, 0.2], 0.7, 3)
  const rows = rowsOf(Array.from({ length: 600 }, () => draw(random)))
  const blurred = rows.map((row) => ({ ...row, value: row.value + random() * 1e-7 }))
  const options = { level: 'interval', bootstrap: { resamples: 4000 } } as const
  const [one, other] = [krippendorffAlpha(rows, options).interval, krippendorffAlpha(blurred, options).interval]
  expect(one?.[0]).toBeCloseTo(other?.[0] ?? Number.NaN, 2)
  expect(one?.[1]).toBeCloseTo(other?.[1] ?? Number.NaN, 2)
})

const at = (level: number) =>
  krippendorffAlpha(FOUR_OBSERVERS, { level: 'nominal', bootstrap: { level } }).interval ?? [Number.NaN, Number.NaN]

test('a higher level is wider', () => {
  expect(at(0.95)[0]).toBeLessThan(at(0.5)[0])
  expect(at(0.95)[1]).toBeGreaterThan(at(0.5)[1])
})

const seeded = (seed?: number) =>
  krippendorffAlpha(FOUR_OBSERVERS, {
    level: 'interval',
    bootstrap: seed === undefined ? {} : { random: seededRandom(seed) },
  }).interval

test('the same seed gives the same interval, and no seed a fixed one', () => {
  expect(seeded(1)).toEqual(seeded(1))
  expect(seeded()).toEqual(seeded())
})

const codes = (lines: readonly string[]) =>
  krippendorffAlpha(ratingsOf(lines), { level: 'nominal', bootstrap: {} }).warnings.map(({ code }) => code)
const of = (text: string, times: number) => Array.from({ length: times }, () => text).join(' ')

describe('warns', () => {
  test('where few units make the interval narrower than it says', () => {
    expect(codes([of('1 2', 24), of('1 2', 24)])).toEqual(['narrow-interval'])
    expect(codes([of('1 2', 25), of('1 2', 25)])).toEqual([])
  })

  test('where resamples may have no variation, and gives no interval where many have none', () => {
    // A resample of 200 units misses one of them with probability (1 − 1 / 200)^200 = .367.
    const lines = [`${of('1', 199)} 2`, `${of('1', 199)} 2`]
    expect(codes(lines)).toEqual(['prevalence', 'narrow-interval', 'undefined-resamples'])
    const { interval, warnings, band } = krippendorffAlpha(ratingsOf(lines), { level: 'nominal', bootstrap: {} })
    expect([interval, band]).toEqual([undefined, 'reliable'])
    expect(Number(/In (\d+) of 1000 resamples/.exec(warnings[2]?.message ?? '')?.[1])).toBeGreaterThan(300)
  })
})

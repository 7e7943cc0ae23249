import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cohortOf, cohortStart, delayBound, stepSeconds, watchedSeconds } from '../../src/maturity/lattice.ts'

const horizon = fc.integer({ min: 1, max: 10_000_000 })
const share = fc.double({ min: 0, max: 1, noNaN: true })

test('a horizon of 32 seconds has steps of a second, halved below the first', () => {
  expect(stepSeconds(32)).toBe(1)
  expect([0, 0.25, 0.3, 0.5, 0.6, 1, 1.2, 31.5, 32].map((delay) => delayBound(32, delay))).toEqual([
    2 ** -10,
    0.25,
    0.5,
    0.5,
    1,
    1,
    2,
    32,
    32,
  ])
  expect(delayBound(32, 32.001)).toBeUndefined()
})

test('every delay within the horizon has a bound at or above it, at most twice as long or a step more', () => {
  fc.assert(
    fc.property(horizon, share, (seconds, part) => {
      const delay = part * seconds
      const bound = delayBound(seconds, delay) ?? Number.NaN
      expect(bound).toBeGreaterThanOrEqual(delay)
      expect(bound).toBeLessThanOrEqual(seconds)
      const [least, step] = [stepSeconds(seconds) / 1024, stepSeconds(seconds)]
      expect(bound).toBeLessThanOrEqual(Math.max(least, delay <= step ? 2 * delay : delay + step))
    }),
  )
})

test('a time is in its cohort, and a cohort is watched in whole steps from its end, never beyond the horizon', () => {
  fc.assert(
    fc.property(horizon, fc.integer({ min: 0, max: 4e12 }), share, (seconds, time, part) => {
      const cohort = cohortOf(seconds, time)
      const slack = 1e-3
      expect(cohortStart(seconds, cohort)).toBeLessThanOrEqual(time + slack)
      expect(cohortStart(seconds, cohort + 1)).toBeGreaterThan(time - slack)
      const now = cohortStart(seconds, cohort + 1) + part * 2 * seconds * 1000
      const watched = watchedSeconds(seconds, cohort, now)
      expect(watched).toBeLessThanOrEqual(seconds)
      expect(watched).toBeLessThanOrEqual((now - cohortStart(seconds, cohort + 1)) / 1000 + slack)
      expect(watched / stepSeconds(seconds)).toBe(Math.round(watched / stepSeconds(seconds)))
      expect(watchedSeconds(seconds, cohort, time)).toBe(0)
    }),
  )
})

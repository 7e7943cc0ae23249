import { wilsonInterval } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'

// Newcombe, Statistics in Medicine 17 (1998), table I, method 3, printed with 4 decimals.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%d of %d has the interval that Newcombe prints', (successes, trials, low, high) => {
  const interval = wilsonInterval(successes, trials)
  expect(interval[0].toFixed(4)).toBe(low.toFixed(4))
  expect(interval[1].toFixed(4)).toBe(high.toFixed(4))
})

test('its ends are the proportions that a score test at that level just does not reject', () => {
  const counts = fc.integer({ min: 1, max: 5000 }).chain((trials) => fc.tuple(fc.nat(trials), fc.constant(trials)))
  fc.assert(
    fc.property(counts, ([successes, trials]) => {
      const score = (p: number) => (successes - trials * p) ** 2 / (trials * p * (1 - p))
      // The squared deviate of 90 %: the chi-squared table's 2.7055 for one degree of freedom.
      const inner = wilsonInterval(successes, trials, { level: 0.9 }).filter((end) => end > 0 && end < 1)
      expect(inner.length).toBeGreaterThan(0)
      for (const end of inner) expect(score(end)).toBeCloseTo(2.705543454095404, 5)
    }),
  )
})

test('failures have the mirrored interval', () => {
  const counts = fc.integer({ min: 1, max: 1e6 }).chain((trials) => fc.tuple(fc.nat(trials), fc.constant(trials)))
  fc.assert(
    fc.property(counts, ([successes, trials]) => {
      const [low, high] = wilsonInterval(successes, trials)
      const [mirroredLow, mirroredHigh] = wilsonInterval(trials - successes, trials)
      expect(mirroredLow).toBeCloseTo(1 - high, 12)
      expect(mirroredHigh).toBeCloseTo(1 - low, 12)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(1)
      expect(low).toBeLessThanOrEqual(successes / trials)
      expect(high).toBeGreaterThanOrEqual(successes / trials)
    }),
  )
})

test('a higher level is wider', () => {
  const [low, high] = wilsonInterval(3, 10)
  const [lower, higher] = wilsonInterval(3, 10, { level: 0.99 })
  expect(lower).toBeLessThan(low)
  expect(higher).toBeGreaterThan(high)
})

test('without trials everything is possible', () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1])
})

describe('refuses', () => {
  test.each([
    [-1, 10],
    [11, 10],
    [Number.NaN, 10],
  ])('%d successes of %d', (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(refusal('invalid-argument', /successes is/))
  })

  test.each([-1, Number.NaN, Infinity])('%d trials', (trials) => {
    expect(() => wilsonInterval(0, trials)).toThrow(refusal('invalid-argument', /trials is/))
  })

  test.each([0, 1, 95, Number.NaN])('the level %d', (level) => {
    expect(() => wilsonInterval(1, 2, { level })).toThrow(refusal('invalid-argument', /level is/))
  })

  test('options that are no object', () => {
    expect(() => wilsonInterval(1, 2, 0.95 as never)).toThrow(refusal('invalid-argument', /options are|options is/))
    expect(() => wilsonInterval(1, 2, null as never)).toThrow(refusal('invalid-argument'))
  })
})

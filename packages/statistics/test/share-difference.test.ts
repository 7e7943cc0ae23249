import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shareDifference } from '../src/share-difference.ts'
import { StatisticsError } from '../src/statistics-error.ts'

describe('the difference of two independent shares', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('has the published interval for %i/%i − %i/%i', (a, m, b, n, low, high) => {
    const { difference, interval } = shareDifference({ successes: a, trials: m }, { successes: b, trials: n })
    expect(difference).toBeCloseTo(a / m - b / n, 14)
    expect(interval?.[0].toFixed(4)).toBe(low.toFixed(4))
    expect(interval?.[1].toFixed(4)).toBe(high.toFixed(4))
  })

  it('turns around when the groups change places', () => {
    const share = fc
      .tuple(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([trials, part]) => ({ trials, successes: Math.floor(part * trials) }))
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [low, high] = shareDifference(a, b).interval ?? [Number.NaN, Number.NaN]
        const [turnedLow, turnedHigh] = shareDifference(b, a).interval ?? [Number.NaN, Number.NaN]
        expect(low).toBeCloseTo(-turnedHigh, 12)
        expect(high).toBeCloseTo(-turnedLow, 12)
      }),
    )
  })

  it('is unknown where a group is empty', () => {
    expect(shareDifference({ successes: 0, trials: 0 }, { successes: 1, trials: 2 })).toEqual({
      difference: undefined,
      interval: undefined,
    })
  })

  it.each([
    [{ successes: 3, trials: 2 }, /successes of the first group/],
    [{ successes: Number.NaN, trials: 2 }, /successes of the first group/],
    [{ successes: 0, trials: -1 }, /trials of the first group/],
    [undefined as never, /trials of the first group/],
  ])('refuses %j', (share, message) => {
    const ask = (): unknown => shareDifference(share, { successes: 1, trials: 2 })
    expect(ask).toThrow(StatisticsError)
    expect(ask).toThrow(message)
  })
})

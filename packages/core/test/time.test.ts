import { fromHrTime, toHrTime, type HrTime } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTime } from '../src/time.ts'
import { times } from './arbitrary.ts'
import { refusal } from './refusal.ts'

test.each([
  [0, [0, 0]],
  [1500, [1, 500_000_000]],
  [1_767_225_600_000.25, [1_767_225_600, 250_000]],
  [-1, [-1, 999_000_000]],
  [999.999_999_9, [1, 0]],
] as const)('%d milliseconds are %j', (milliseconds, time) => {
  expect(toHrTime(milliseconds)).toEqual(time)
})

test('an instant of our century comes back to the bit', () => {
  fc.assert(
    fc.property(times, (time) => {
      expect(fromHrTime(toHrTime(time))).toBe(time)
    }),
  )
})

test('nanoseconds stay within their second, over all of time', () => {
  fc.assert(
    fc.property(fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true }), (time) => {
      const [seconds, nanoseconds] = toHrTime(time)
      expect(Number.isInteger(seconds) && Number.isInteger(nanoseconds)).toBe(true)
      expect(nanoseconds).toBeGreaterThanOrEqual(0)
      expect(nanoseconds).toBeLessThan(1e9)
    }),
  )
})

test('time ends where Date ends', () => {
  expect(isTime(8.64e15)).toBe(true)
  expect(new Date(8.64e15).getTime()).toBe(8.64e15)
  expect(isTime(8.64e15 + 1)).toBe(false)
  expect(new Date(8.64e15 + 1).getTime()).toBeNaN()
})

describe('what is no time is refused', () => {
  test.each([[Number.NaN], [Infinity], [9e15], ['0'], [0n], [undefined], [null], [new Date(0)]])('%o', (value) => {
    expect(() => toHrTime(value as number)).toThrow(refusal('invalid-argument', /is no time/))
  })

  test.each([
    [undefined],
    [null],
    [5],
    [[]],
    [[1]],
    [[1, 2, 3]],
    [['1', '2']],
    [[Number.NaN, 0]],
    [[1e300, 0]],
    [[1n, 2n]],
  ])('%o as OpenTelemetry has it', (value) => {
    expect(() => fromHrTime(value as unknown as HrTime)).toThrow(refusal('invalid-argument', /is no time/))
  })
})

import { expect, test } from 'vitest'
import { isPropensity, isShare } from '../src/probability.ts'

test.each([
  [0, true, false],
  [Number.MIN_VALUE, true, false],
  [9.9e-7, true, false],
  [1e-6, true, true],
  [0.5, true, true],
  [1, true, true],
  [1 + Number.EPSILON, false, false],
  [-Number.MIN_VALUE, false, false],
  [Number.NaN, false, false],
  [Infinity, false, false],
  ['0.5', false, false],
  [1n, false, false],
  [true, false, false],
  [null, false, false],
  [undefined, false, false],
])('%o: a share %s, a propensity %s', (value, share, propensity) => {
  expect(isShare(value)).toBe(share)
  expect(isPropensity(value)).toBe(propensity)
})

import { seededRandom } from '@groundtrace/statistics'
import { expect, test } from 'vitest'
import { fnv1a, splitMix, xoshiro128 } from '../src/seeded-random.ts'
import { refusal } from './refusal.ts'

test('xoshiro128** gives the sequence of its authors’ C program for the state 1, 2, 3, 4', () => {
  // As published with the generator and in the tests of Rust's rand_xoshiro.
  const next = xoshiro128([1, 2, 3, 4])
  expect(Array.from({ length: 10 }, () => next())).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ])
})

test('SplitMix64 gives the published sequence for the seed 1234567', () => {
  // Rosetta Code, "Pseudo-random numbers/Splitmix64".
  const next = splitMix(1234567n)
  expect(Array.from({ length: 5 }, () => next())).toEqual([
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
    4593380528125082431n,
    16408922859458223821n,
  ])
})

test('FNV-1a gives its authors’ test values', () => {
  expect(fnv1a('')).toBe(0xcbf29ce484222325n)
  expect(fnv1a('a')).toBe(0xaf63dc4c8601ec8cn)
  expect(fnv1a('foobar')).toBe(0x85944171f73967e8n)
})

function take(seed: number | string): number[] {
  return Array.from({ length: 20 }, seededRandom(seed))
}

test('the same seed gives the same numbers, another seed others', () => {
  expect(take('loop')).toEqual(take('loop'))
  expect(take(7)).toEqual(take('7'))
  expect(take(7)).not.toEqual(take(8))
})

test('numbers are uniform on [0, 1): chi-squared over 100 bins, mean and serial correlation', () => {
  const random = seededRandom('uniform')
  const size = 200_000
  const bins = Array.from({ length: 100 }, () => 0)
  let [total, product, before] = [0, 0, 0.5]
  let [least, most] = [1, 0]
  for (let index = 0; index < size; index += 1) {
    const number = random()
    least = Math.min(least, number)
    most = Math.max(most, number)
    const bin = Math.floor(number * 100)
    bins[bin] = (bins[bin] ?? 0) + 1
    total += number
    product += (number - 0.5) * (before - 0.5)
    before = number
  }
  expect(least).toBeGreaterThanOrEqual(0)
  expect(most).toBeLessThan(1)
  const chiSquared = bins.reduce((sum, count) => sum + (count - size / 100) ** 2 / (size / 100), 0)
  // 99 degrees of freedom: mean 99, deviation √198; 4 deviations.
  expect(Math.abs(chiSquared - 99)).toBeLessThan(4 * Math.sqrt(198))
  expect(Math.abs(total / size - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / size))
  expect(Math.abs(product / size)).toBeLessThan((4 / 12) * Math.sqrt(1 / size))
})

test.each([Number.NaN, Infinity, undefined, null, {}])('refuses the seed %s', (seed) => {
  expect(() => seededRandom(seed as never)).toThrow(refusal('invalid-argument', /seed is/))
})

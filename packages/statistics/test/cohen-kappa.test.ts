import { cohenKappa } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { close } from './close.ts'
import { refusal } from './refusal.ts'

test('of the proportions in Cohen (1960), table 1, is what his printed shares give', () => {
  // He prints .29 observed and .35 expected agreement.
  const { kappa, observed, expected } = cohenKappa([
    [0.25, 0.13, 0.12],
    [0.12, 0.02, 0.16],
    [0.03, 0.15, 0.02],
  ])
  expect(observed).toBeCloseTo(0.29, 12)
  expect(expected).toBeCloseTo(0.35, 12)
  expect(kappa).toBeCloseTo(-6 / 65, 12)
})

test('of two judges of 200 patients is the .492 that Cohen prints', () => {
  // Agreement .70 against .41 expected (Cohen 1960; the counts in Fleiss, Cohen, Everitt 1969).
  const { kappa, observed, expected } = cohenKappa([
    [88, 10, 2],
    [14, 40, 6],
    [18, 10, 12],
  ])
  expect([observed.toFixed(2), expected.toFixed(2), kappa?.toFixed(3)]).toEqual(['0.70', '0.41', '0.492'])
  expect(kappa).toBeCloseTo(29 / 59, 12)
})

describe('laws', () => {
  const table = fc
    .integer({ min: 1, max: 6 })
    .chain((size) => {
      const row = fc.array(fc.nat(50), { minLength: size, maxLength: size })
      return fc.array(row, { minLength: size, maxLength: size })
    })
    .filter((rows) => rows.flat().some((count) => count > 0))

  test('the order of the raters and of the classes, and how many times all was counted, do not matter', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(0.01, 3, 1e9), (rows, times) => {
        const { kappa } = cohenKappa(rows)
        const others = [
          rows.map((_, index) => rows.map((row) => row[index] ?? 0)),
          rows.toReversed().map((row) => row.toReversed()),
          rows.map((row) => row.map((count) => count * times)),
        ]
        for (const other of others) expect(cohenKappa(other).kappa).toEqual(close(kappa))
      }),
    )
  })

  test('0 for independent raters, 1 for raters who always agree', () => {
    const shares = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 5 })
    fc.assert(
      fc.property(shares, (list) => {
        expect(cohenKappa(list.map((a) => list.map((b) => a * b))).kappa).toBeCloseTo(0, 9)
        expect(cohenKappa(list.map((a, row) => list.map((_, column) => (row === column ? a : 0)))).kappa).toBe(1)
      }),
    )
  })
})

test('is undefined where both raters gave one class throughout', () => {
  expect(
    cohenKappa([
      [0, 0],
      [0, 7],
    ]),
  ).toEqual({ kappa: undefined, observed: 1, expected: 1 })
})

test.each([
  ['no rows', [], 'no-data'],
  [
    'counts of nothing',
    [
      [0, 0],
      [0, 0],
    ],
    'no-data',
  ],
  ['a table that is not square', [[1, 2]], 'length-mismatch'],
  ['a row too short', [[1, 2], [3]], 'length-mismatch'],
  [
    'a negative count',
    [
      [1, 2],
      [-1, 3],
    ],
    'invalid-argument',
  ],
  ['a count that is no number', [[Number.NaN]], 'invalid-argument'],
  [
    'counts too large to add',
    [
      [1e308, 1e308],
      [0, 1],
    ],
    'invalid-argument',
  ],
  ['rows that are none', [1, 2], 'invalid-argument'],
  ['nothing', undefined, 'invalid-argument'],
] as const)('refuses %s', (_, table, code) => {
  expect(() => cohenKappa(table as never)).toThrow(refusal(code))
})

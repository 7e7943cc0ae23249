import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitLogisticRegression, marginOf, type LinearModel, type Rows } from '../src/logistic-regression.ts'
import { seededRandom } from '@groundtrace/statistics'
import type { SparseRow } from '../src/sparse-row.ts'

const DIMENSIONS = 6
const exact = { dimensions: DIMENSIONS, seed: 1, tolerance: 1e-8, maximumPasses: 5000 }

const row = (entries: readonly (readonly [number, number])[]): SparseRow => ({
  indexes: Uint16Array.from(entries, ([index]) => index),
  values: Float64Array.from(entries, ([, value]) => value),
})

const rowsOf = (cases: readonly { row: SparseRow; isPositive: boolean; cost: number }[]): Rows => ({
  rows: cases.map((each) => each.row),
  signs: Int8Array.from(cases, ({ isPositive }) => (isPositive ? 1 : -1)),
  costs: Float64Array.from(cases, ({ cost }) => cost),
})

/** The function that the fit is said to minimise, written down a second time. */
function objective({ weights, bias }: LinearModel, { rows, signs, costs }: Rows): number {
  let value = (bias ** 2 + weights.reduce((sum, weight) => sum + weight ** 2, 0)) / 2
  for (const [index, { indexes, values }] of rows.entries()) {
    const score = [...indexes].reduce((sum, bucket, entry) => sum + (weights[bucket] ?? 0) * (values[entry] ?? 0), bias)
    value += (costs[index] ?? 0) * Math.log1p(Math.exp(-(signs[index] ?? 0) * score))
  }
  return value
}

const sparseRow = fc
  .array(fc.tuple(fc.integer({ min: 0, max: DIMENSIONS - 1 }), fc.double({ min: -2, max: 2, noNaN: true })), {
    maxLength: 5,
  })
  .map((entries) => row([...new Map(entries)]))

const someRows = fc
  .array(
    fc.record({ row: sparseRow, isPositive: fc.boolean(), cost: fc.double({ min: 0.05, max: 20, noNaN: true }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map(rowsOf)

describe('fitLogisticRegression', () => {
  // At the minimum of a smooth function every partial derivative is 0; here they are taken by central differences.
  test('ends where the gradient of its objective is 0', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        const fit = fitLogisticRegression(rows, exact)
        expect(fit.converged).toBe(true)
        const step = 1e-5
        const moved = (index: number, by: number): LinearModel =>
          index === DIMENSIONS
            ? { weights: fit.weights, bias: fit.bias + by }
            : { weights: fit.weights.map((weight, at) => (at === index ? weight + by : weight)), bias: fit.bias }
        for (let index = 0; index <= DIMENSIONS; index += 1) {
          const slope = (objective(moved(index, step), rows) - objective(moved(index, -step), rows)) / (2 * step)
          expect(Math.abs(slope)).toBeLessThan(1e-4)
        }
      }),
      { numRuns: 50 },
    )
  })

  // One row (1) of sign + and cost c: by symmetry w = b, and the derivative is 0 where w = c / (1 + exp(2w)).
  test('solves the case that can be solved by hand', () => {
    const cost = Math.log(3) * (1 + 9)
    const fit = fitLogisticRegression(rowsOf([{ row: row([[0, 1]]), isPositive: true, cost }]), exact)
    // w = log 3 solves it: log 3 · 10 / (1 + 9) = log 3.
    expect(fit.weights[0]).toBeCloseTo(Math.log(3), 6)
    expect(fit.bias).toBeCloseTo(Math.log(3), 6)
  })

  // The objective is strictly convex, so its minimum is one, whatever the order of the visits.
  test('finds the same model from every seed', () => {
    fc.assert(
      fc.property(someRows, fc.integer(), (rows, seed) => {
        const [one, other] = [fitLogisticRegression(rows, exact), fitLogisticRegression(rows, { ...exact, seed })]
        for (const [index, weight] of one.weights.entries()) expect(other.weights[index]).toBeCloseTo(weight, 5)
      }),
      { numRuns: 50 },
    )
  })

  test('is the same to the last bit for the same seed', () => {
    fc.assert(
      fc.property(someRows, (rows) => {
        expect(fitLogisticRegression(rows, exact)).toEqual(fitLogisticRegression(rows, exact))
      }),
      { numRuns: 20 },
    )
  })

  test('takes a row of cost 2 for two rows of cost 1', () => {
    fc.assert(
      fc.property(sparseRow, sparseRow, (a, b) => {
        const other = { row: b, isPositive: false, cost: 1 }
        const once = { row: a, isPositive: true, cost: 1 }
        const double = fitLogisticRegression(rowsOf([{ ...once, cost: 2 }, other]), exact)
        const twice = fitLogisticRegression(rowsOf([once, once, other]), exact)
        for (const [index, weight] of double.weights.entries()) expect(twice.weights[index]).toBeCloseTo(weight, 5)
      }),
      { numRuns: 50 },
    )
  })

  test('says when its passes ran out', () => {
    const random = seededRandom(1)
    const cases = Array.from({ length: 50 }, () => ({
      row: row(Array.from({ length: DIMENSIONS }, (_, index) => [index, random()])),
      isPositive: random() < 0.5,
      cost: 1000,
    }))
    expect(fitLogisticRegression(rowsOf(cases), { ...exact, maximumPasses: 1 })).toMatchObject({
      converged: false,
      passes: 1,
    })
  })
})

describe('marginOf', () => {
  test('adds the bias to the weights times the values', () => {
    const model = { weights: Float64Array.of(1, 2, 4, 8, 16, 32), bias: 0.5 }
    expect(
      marginOf(
        model,
        row([
          [1, 3],
          [4, 0.25],
        ]),
      ),
    ).toBe(0.5 + 6 + 4)
    expect(marginOf(model, row([]))).toBe(0.5)
  })
})

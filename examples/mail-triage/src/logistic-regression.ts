import { seededRandom } from '@groundtrace/statistics'
import { shuffle } from './shuffle.ts'
import type { SparseRow } from './sparse-row.ts'

export interface LinearModel {
  readonly weights: Float64Array
  readonly bias: number
}

export interface Fit extends LinearModel {
  /** How often every row was visited. */
  readonly passes: number
  /** False when the passes ran out before the gradient was small enough. */
  readonly converged: boolean
}

export interface Rows {
  readonly rows: readonly SparseRow[]
  /** 1 or −1, one per row. */
  readonly signs: Int8Array
  /** What a row's loss costs, above 0, one per row. */
  readonly costs: Float64Array
}

export interface FitOptions {
  readonly dimensions: number
  readonly seed: number
  /** The largest gradient of the dual that is taken for 0. 0.1 by default: smaller ones take longer and change no decision. */
  readonly tolerance?: number | undefined
  /** 100 by default. */
  readonly maximumPasses?: number | undefined
}

/**
 * Logistic regression with an L2 penalty. Finds the weights w and the bias b that minimise
 *
 *     ½ (|w|² + b²) + Σ costᵢ · log(1 + exp(−signᵢ (w·xᵢ + b)))
 *
 * by coordinate descent on the dual: one multiplier between 0 and its cost per row, each brought to its best value in
 * turn by Newton steps, while w and b are kept as the sum of multiplier · sign · row.
 *
 * Source: H.-F. Yu, F.-L. Huang, C.-J. Lin, "Dual coordinate descent methods for logistic regression and maximum entropy
 * models", Machine Learning 85 (2011), sections 3 and 4.
 */
export function fitLogisticRegression({ rows, signs, costs }: Rows, options: FitOptions): Fit {
  const { dimensions, seed, tolerance = 0.1, maximumPasses = 100 } = options
  const random = seededRandom(seed)
  const model = { weights: new Float64Array(dimensions), bias: 0 }
  const multipliers = costs.map((cost) => Math.min(1e-3 * cost, 1e-8))
  const squares = Float64Array.from(rows, ({ values }) => values.reduce((sum, value) => sum + value * value, 1))
  for (const [index, row] of rows.entries()) addRow(model, row, (multipliers[index] ?? 0) * (signs[index] ?? 0))
  const order = Int32Array.from(rows.keys())
  for (let pass = 1; pass <= maximumPasses; pass += 1) {
    shuffle(order, random)
    let largestGradient = 0
    for (const index of order) {
      const row = rows[index]
      if (row === undefined) continue
      const sign = signs[index] ?? 0
      const cost = costs[index] ?? 0
      const old = multipliers[index] ?? 0
      const margin = sign * marginOf(model, row)
      largestGradient = Math.max(largestGradient, Math.abs(margin + Math.log(old / (cost - old))))
      const best = bestMultiplier(old, cost, margin, squares[index] ?? 0)
      multipliers[index] = best
      addRow(model, row, (best - old) * sign)
    }
    if (largestGradient < tolerance) return { ...model, passes: pass, converged: true }
  }
  return { ...model, passes: maximumPasses, converged: false }
}

/** w·x + b: the logarithm of the odds, before calibration. */
export function marginOf({ weights, bias }: LinearModel, { indexes, values }: SparseRow): number {
  let margin = bias
  for (let entry = 0; entry < indexes.length; entry += 1)
    margin += (weights[indexes[entry] ?? 0] ?? 0) * (values[entry] ?? 0)
  return margin
}

function addRow(model: { weights: Float64Array; bias: number }, { indexes, values }: SparseRow, factor: number): void {
  const { weights } = model
  for (let entry = 0; entry < indexes.length; entry += 1) {
    const index = indexes[entry] ?? 0
    weights[index] = (weights[index] ?? 0) + factor * (values[entry] ?? 0)
  }
  model.bias += factor
}

/** Where the derivative margin + square · (x − old) + log(x / (cost − x)) is 0. A step never leaves (0, cost). */
function bestMultiplier(old: number, cost: number, margin: number, square: number): number {
  let x = old
  for (let step = 0; step < 50; step += 1) {
    const derivative = margin + square * (x - old) + Math.log(x / (cost - x))
    if (Math.abs(derivative) < 1e-9) break
    const next = x - derivative / (square + cost / (x * (cost - x)))
    if (next <= 0) x /= 10
    else if (next >= cost) x = cost - (cost - x) / 10
    else x = next
  }
  return x
}

import type { MailFeatures } from '../src/features.ts'
import { marginOf } from '../src/logistic-regression.ts'
import { unpackModel, type SpamFilterModel } from '../src/spam-filter-model.ts'
import { toSparseRow } from '../src/sparse-row.ts'

/** A rounding to float32 is off by this share at most, one to float64, on the other side of a comparison, by the second. */
const UNIT = 2 ** -24 + 2 ** -53

/** The share that so many roundings are off together. N. J. Higham, "Accuracy and Stability of Numerical Algorithms", lemma 3.1. */
const gamma = (roundings: number): number => (roundings * UNIT) / (1 - roundings * UNIT)

/** The runtime's own Sigmoid is a quotient of two polynomials. A test of its own measures that it stays within this. */
export const SIGMOID_ERROR = 2 ** -22

/**
 * How far the score of the ONNX file in float32, in whatever order it adds, can be from that of the TypeScript in float64.
 *
 * Of n words, each term w·√(c/t) of the margin is rounded n + 3 times at most: quotient, root, product, n sums with those
 * of other terms and the bias. Counts and their sum are whole and below 2²⁴, the weights are the same 32 bits on both sides:
 * they are exact. The bias is rounded to be stored, slope and intercept too. What is then off in the logit is off in the
 * score by a quarter at most: the steepest slope of the logistic curve.
 */
export function float32Bound(model: SpamFilterModel): (features: MailFeatures) => number {
  const linear = unpackModel(model)
  const { slope, intercept } = model.calibration
  return (features) => {
    const row = toSparseRow(features)
    const size = row.indexes.reduce(
      (sum, bucket, entry) => sum + Math.abs((linear.weights[bucket] ?? 0) * (row.values[entry] ?? 0)),
      Math.abs(linear.bias),
    )
    const margin = gamma(row.indexes.length + 3) * size
    const largest = Math.abs(slope * marginOf(linear, row)) + Math.abs(intercept)
    const logit = Math.abs(slope) * margin * (1 + gamma(3)) + gamma(3) * largest
    return logit / 4 + SIGMOID_ERROR
  }
}

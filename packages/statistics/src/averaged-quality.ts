import type { Confusion } from './confusion.ts'
import { mapCells } from './confusion.ts'
import type { Estimate } from './estimate.ts'
import { UNDEFINED_ESTIMATE } from './estimate.ts'
import { sum } from './sum.ts'
import { wilsonLimits } from './wilson-interval.ts'

/** An average over classes, as a function of the confusion, with its slope in each cell. */
interface Average {
  readonly value: number
  slope(truth: number, predicted: number): number
}

type Averaging = (confusion: Confusion, of: readonly number[]) => Average

const at = (values: readonly number[], index: number) => values[index] ?? 0

/** F1 of a class, 2·right / (support + predicted), and the loss of it per further unit in its row or column. */
function f1Parts(confusion: Confusion, k: number): { f1: number; whole: number; loss: number } {
  const whole = at(confusion.support, k) + at(confusion.predicted, k)
  const f1 = (2 * at(confusion.right, k)) / whole
  return { f1, whole, loss: f1 / whole }
}

const macroF1: Averaging = (confusion, of) => {
  const member = new Set(of)
  const parts = confusion.classes.map((_, k) => f1Parts(confusion, k))
  const loss = (k: number) => (member.has(k) ? (parts[k]?.loss ?? 0) : 0)
  return {
    value: sum(of, (k) => parts[k]?.f1 ?? 0) / of.length,
    slope: (i, j) => ((i === j && member.has(i) ? 2 / (parts[i]?.whole ?? 1) : 0) - loss(i) - loss(j)) / of.length,
  }
}

const weightedF1: Averaging = (confusion, of) => {
  const member = new Set(of)
  const parts = confusion.classes.map((_, k) => f1Parts(confusion, k))
  const support = (k: number) => (member.has(k) ? at(confusion.support, k) : 0)
  const whole = sum(of, (k) => support(k))
  const value = sum(of, (k) => support(k) * (parts[k]?.f1 ?? 0)) / whole
  const loss = (k: number) => support(k) * (parts[k]?.loss ?? 0)
  return {
    value,
    slope: (i, j) => {
      const ownShare = member.has(i) ? (parts[i]?.f1 ?? 0) - value : 0
      return (ownShare + (i === j ? (2 * support(i)) / (parts[i]?.whole ?? 1) : 0) - loss(i) - loss(j)) / whole
    },
  }
}

const weightedPrecision: Averaging = (confusion, of) => {
  const member = new Set(of)
  const precision = (k: number) => at(confusion.right, k) / at(confusion.predicted, k)
  const support = (k: number) => (member.has(k) ? at(confusion.support, k) : 0)
  const whole = sum(of, (k) => support(k))
  const value = sum(of, (k) => support(k) * precision(k)) / whole
  return {
    value,
    slope: (i, j) => {
      const ownShare = member.has(i) ? precision(i) - value : 0
      const hit = i === j ? 1 : 0
      return (ownShare + (support(j) * (hit - precision(j))) / at(confusion.predicted, j)) / whole
    },
  }
}

export const AVERAGES = { macroF1, weightedF1, weightedPrecision } as const

/**
 * An average over the classes listed in `of`, with an interval.
 *
 * The variance is the delta method's on the multinomial confusion (for F1: K. Takahashi, K. Yamamoto, A. Kuchiba,
 * T. Koyama, "Confidence interval for micro-averaged F1 and macro-averaged F1 scores", Applied Intelligence 52 (2022),
 * 4961–4972). It is taken with 1 / (number of classes) added to every cell, so that a perfect confusion has one too, and
 * is turned into the number of yes-or-no trials with that variance, whose Wilson interval stays within [0, 1].
 *
 * @param confusion scaled so that its total is the number of units that it is worth
 */
export function averagedQuality(
  average: Averaging,
  confusion: Confusion,
  of: readonly number[],
  deviate: number,
): Estimate {
  if (of.length === 0) return UNDEFINED_ESTIMATE
  const { value } = average(confusion, of)
  const padded = mapCells(confusion, (count) => count + 1 / confusion.classes.length)
  const smooth = average(padded, of)
  let variance = 0
  for (const [truth, row] of padded.cells.entries()) {
    for (const [predicted, count] of row.entries()) variance += count * smooth.slope(truth, predicted) ** 2
  }
  // The slopes are per count, not per share: scaling from the padded total to the real one.
  const trials =
    variance > 0 ? (smooth.value * (1 - smooth.value) * confusion.total) / (variance * padded.total) : confusion.total
  return { value, interval: wilsonLimits(value, trials, deviate) }
}

import { invalid, parseNumbers } from './parse.ts'

/** Kish's figure for weights that are known to be positive; 0 without any. */
export function kish(weights: readonly number[]): number {
  let total = 0
  let squares = 0
  const largest = weights.reduce((most, weight) => Math.max(most, weight), 0)
  for (const weight of weights) {
    total += weight / largest
    squares += (weight / largest) ** 2
  }
  return weights.length === 0 ? 0 : (total * total) / squares
}

/**
 * Kish's effective sample size (Σw)² / Σw²: how many equally weighted units would know as much. At most the number of
 * units, and equal to it when all weights are equal.
 *
 * Source: L. Kish, Survey Sampling (1965), section 11.7.
 *
 * @param weights one per unit, finite and above 0; 1 / propensity for a unit revealed with that propensity
 * @throws StatisticsError `invalid-argument`
 */
export function effectiveSampleSize(weights: Iterable<number>): number {
  const list = parseNumbers(weights, 'weights')
  const bad = list.findIndex((weight) => weight <= 0)
  if (bad !== -1)
    throw invalid(`weights[${bad}]`, list[bad], 'Pass weights above 0, and leave out units without weight')
  return kish(list)
}

import { kish } from './effective-sample-size.ts'
import type { Interval, LevelOption, WeightedEstimate } from './estimate.ts'
import { checkSameLength, invalid, parseLevel, parseNumbers, parseOptions, parsePropensity } from './parse.ts'
import { studentDeviate } from './student-quantile.ts'
import { sum } from './sum.ts'

export interface InversePropensityOptions extends LevelOption {
  /**
   * How many units the listed ones were drawn from, listed or not. By default the number of listed units, which is
   * right only when every unit is listed, with value 0 for those that were not revealed.
   */
  readonly population?: number | undefined
}

const NOTHING: WeightedEstimate = { estimate: undefined, interval: undefined, effectiveSampleSize: 0 }

/** Below two effective units nothing is known of the spread. */
const FEWEST_EFFECTIVE_UNITS = 2

interface Sample {
  readonly values: readonly number[]
  readonly propensities: readonly number[]
  readonly weights: readonly number[]
}

function parseSample(values: Iterable<number>, propensities: Iterable<number>): Sample {
  const list = parseNumbers(values, 'values')
  const chances = parseNumbers(propensities, 'propensities')
  checkSameLength(list, 'values', chances, 'propensities')
  const weights = chances.map((chance, index) => 1 / parsePropensity(chance, `propensities[${index}]`))
  return { values: list, propensities: chances, weights }
}

/** Student's interval with the effective sample size for the degrees of freedom. */
function interval(estimate: number, variance: number, effective: number, level: number): Interval | undefined {
  if (effective < FEWEST_EFFECTIVE_UNITS || !(variance > 0)) return undefined
  const half = studentDeviate(level, effective - 1) * Math.sqrt(variance)
  return [estimate - half, estimate + half]
}

/**
 * Horvitz and Thompson's estimate of the mean over a population of which each unit was revealed by itself (Poisson
 * sampling) with a known propensity: Σ (value / propensity) / population. Unbiased, but it moves with the number of
 * units that happen to be revealed; `selfNormalizedEstimate` is usually closer.
 *
 * The population is the very units that the choice was made over (those the holdout drew from), so its mean is known
 * exactly once all are revealed. The variance is Σ (1 − p) (value / p)² / population², the interval Student's with
 * effective sample size − 1 degrees of freedom. It is `undefined` where the listed units do not show their spread: with
 * fewer than 2 effective units, or a variance of 0 (unless every unit is listed with propensity 1). Large values of rare
 * units that were never revealed can't be seen in it: for shares of rare classes use the precision and recall estimates.
 *
 * Source: C.-E. Särndal, B. Swensson, J. Wretman, Model Assisted Survey Sampling (1992), section 3.5; A. B. Owen, Monte
 * Carlo theory, methods and examples (2013), chapter 9.
 *
 * @param values one finite number per revealed unit
 * @param propensities the probability with which each was revealed, above 0 and at most 1
 * @throws StatisticsError `invalid-argument`, `length-mismatch`
 */
export function inversePropensityEstimate(
  values: Iterable<number>,
  propensities: Iterable<number>,
  options?: InversePropensityOptions,
): WeightedEstimate {
  const { level, population } = parseOptions(options)
  const kept = parseLevel(level)
  const sample = parseSample(values, propensities)
  const units = population ?? sample.values.length
  if (!(Number.isFinite(units) && units >= sample.values.length)) {
    throw invalid(
      'population',
      units,
      `Pass the number of units drawn from, at least the ${sample.values.length} listed`,
    )
  }
  if (sample.values.length === 0) return NOTHING
  const weighted = sample.values.map((value, index) => value * (sample.weights[index] ?? 0))
  const estimate = sum(weighted) / units
  const variance =
    sum(weighted.map((value, index) => (1 - (sample.propensities[index] ?? 1)) * value ** 2)) / units ** 2
  const effective = kish(sample.weights)
  const complete = units === sample.values.length && sample.propensities.every((chance) => chance === 1)
  return {
    estimate,
    interval: complete ? [estimate, estimate] : interval(estimate, variance, effective, kept),
    effectiveSampleSize: effective,
  }
}

/**
 * Hájek's estimate of the mean over a population of which each unit was revealed by itself (Poisson sampling) with a
 * known propensity: Σ (value / p) / Σ (1 / p). It needs no population size, and does not change when all propensities
 * are multiplied by the same number.
 *
 * The population is the very units that the choice was made over. The variance is that of the linearised ratio,
 * Σ (1 − p) ((value − estimate) / p)² / (Σ 1 / p)² · n / (n − 1); the interval is Student's with effective sample size − 1
 * degrees of freedom, `undefined` with fewer than 2 effective units, or where all values are equal and some unit may be
 * hidden: equal values in the sample do not prove equal values outside of it.
 *
 * Source: Särndal, Swensson, Wretman (1992), sections 5.5 to 5.7; Owen (2013), section 9.2.
 *
 * @param values one finite number per revealed unit
 * @param propensities the probability with which each was revealed, above 0 and at most 1
 * @throws StatisticsError `invalid-argument`, `length-mismatch`
 */
export function selfNormalizedEstimate(
  values: Iterable<number>,
  propensities: Iterable<number>,
  options?: LevelOption,
): WeightedEstimate {
  const kept = parseLevel(parseOptions(options).level)
  const sample = parseSample(values, propensities)
  const count = sample.values.length
  if (count === 0) return NOTHING
  const whole = sum(sample.weights)
  const estimate = sum(sample.values.map((value, index) => value * (sample.weights[index] ?? 0))) / whole
  const squares = sample.values.map((value, index) => {
    const residual = (value - estimate) * (sample.weights[index] ?? 0)
    return (1 - (sample.propensities[index] ?? 1)) * residual ** 2
  })
  const variance = ((sum(squares) / whole ** 2) * count) / Math.max(1, count - 1)
  const effective = kish(sample.weights)
  const complete = sample.propensities.every((chance) => chance === 1)
  return {
    estimate,
    interval: complete ? [estimate, estimate] : interval(estimate, variance, effective, kept),
    effectiveSampleSize: effective,
  }
}

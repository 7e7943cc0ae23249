import type { ComparedStratum } from './disagreement-strata.ts'
import { countOfKnownSize } from './positive-count.ts'
import { sum } from './sum.ts'
import { wilsonLimits } from './wilson-interval.ts'

/** How far below and above an estimate the truth may be. */
export interface Distances {
  readonly below: number
  readonly above: number
}

/** What a unit of some truth adds to the difference, and how many of the stratum's units are of it. */
export interface Contribution {
  readonly value: number
  readonly share: number
}

/**
 * How far what is not known of a stratum may move the sum of its units' contributions.
 *
 * A mean of values between two bounds varies most when only the bounds occur: then it is a share, with its limits. Where
 * values in between occur (both versions wrong, three classes or more) the limits move closer by the ratio of the
 * standard deviations. That of the contributions is taken with one more unit at either bound, after Bonett and Price.
 */
export function revealDistances(
  { population, known }: Pick<ComparedStratum, 'population' | 'known'>,
  contributions: readonly Contribution[],
  level: number,
): Distances {
  const values = contributions.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const range = high - low
  if (range === 0) return { below: 0, above: 0 }
  const scaled = contributions.map(({ value, share }) => ({ value: (value - low) / range, share }))
  const mean = Math.min(
    1,
    sum(scaled, ({ value, share }) => value * share),
  )
  if (known === 0) return { below: population * mean * range, above: population * (1 - mean) * range }
  const count = countOfKnownSize(mean * known, known, population, level)
  const closer = range * spreadRatio(scaled, known)
  return { below: closer * (count.value - count.low), above: closer * (count.high - count.value) }
}

/** Standard deviation of values in [0, 1], relative to that of values 0 and 1 with the same mean. */
function spreadRatio(scaled: readonly Contribution[], known: number): number {
  const moment = (power: number) =>
    (sum(scaled, ({ value, share }) => value ** power * share) * known + 1) / (known + 2)
  const mean = moment(1)
  return Math.min(1, Math.sqrt((moment(2) - mean ** 2) / (mean - mean ** 2)))
}

/**
 * How far won − lost, shares of `trials` units that are a sample themselves, may be from what further units will bring:
 * Wilson's limits of both shares, combined by MOVER with the correlation of two shares of one whole. It is Newcombe's
 * method 10 for paired proportions, but for the correlation.
 */
export function samplingDistances(won: number, lost: number, trials: number, deviate: number): Distances {
  const [wonLow, wonHigh] = wilsonLimits(won, trials, deviate)
  const [lostLow, lostHigh] = wilsonLimits(lost, trials, deviate)
  const odds = (won / (1 - won)) * (lost / (1 - lost))
  const correlation = odds > 0 ? -Math.min(1, Math.sqrt(odds)) : 0
  const combined = (a: number, b: number) => Math.sqrt(a ** 2 - 2 * correlation * a * b + b ** 2)
  return {
    below: combined(won - wonLow, lostHigh - lost),
    above: combined(wonHigh - won, lost - lostLow),
  }
}

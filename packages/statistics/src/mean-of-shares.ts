import type { Estimate } from './estimate.ts'
import { UNDEFINED_ESTIMATE } from './estimate.ts'
import { sum } from './sum.ts'
import { wilsonLimits } from './wilson-interval.ts'

/** Part of whole; a share is defined when the whole is above 0. */
export interface Share {
  readonly part: number
  readonly whole: number
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

/**
 * The unweighted mean of independent shares, over those that are defined.
 *
 * The interval is the mean of the shares' Wilson intervals, taken at a deviate that is smaller by the factor by which
 * the standard error of a mean is smaller than the mean of the standard errors. Source: X. Yan, X. G. Su, "Stratified
 * Wilson and Newcombe confidence intervals for multiple binomial proportions", Statistics in Biopharmaceutical Research
 * 2 (2010), 329–335; with Wilson's spread in place of the plain one, so that shares of 0 and 1 count as uncertain too.
 */
export function meanOfShares(shares: readonly Share[], deviate: number): Estimate {
  const defined = shares.filter(({ whole }) => whole > 0)
  if (defined.length === 0) return UNDEFINED_ESTIMATE
  const spreads = defined.map(({ part, whole }) => {
    const share = part / whole
    return Math.sqrt((share * (1 - share)) / whole + deviate ** 2 / (4 * whole ** 2))
  })
  const shrunk = (deviate * Math.hypot(...spreads)) / sum(spreads)
  const limits = defined.map(({ part, whole }) => wilsonLimits(part / whole, whole, shrunk))
  return {
    value: mean(defined.map(({ part, whole }) => part / whole)),
    interval: [mean(limits.map(([low]) => low)), mean(limits.map(([, high]) => high))],
  }
}

import { betaQuantile, incompleteBeta } from './incomplete-beta.ts'

/** An unknown count of units, estimated, with its limits. */
export interface CountEstimate {
  readonly value: number
  readonly low: number
  readonly high: number
  /** Those of them that were seen. */
  readonly seen: number
  /** The probability of seeing them all, if there were no more. */
  readonly allSeen: number
}

/**
 * Where between the exact limits of Clopper and Pearson (0) and those of Jeffreys' prior (1/2) ours lie. Chosen by
 * simulation of the combined intervals over three tiers with 3 to 150 revealed units each: with 1/2 they held the truth in
 * 93 % of the runs at worst, with 1/3 in 95 %; with 0 they were a tenth to a third wider.
 */
const SHIFT = 1 / 3

/**
 * How many of `size` units are positive, when `positive` of `revealed` units drawn from them without replacement are.
 *
 * Limits: beta quantiles with {@link SHIFT} as pseudo-count, their distance from the estimate shortened by the finite
 * population factor √((size − revealed) / (size − 1)), and never against what was seen.
 */
export function countOfKnownSize(positive: number, revealed: number, size: number, level: number): CountEstimate {
  const value = (size * positive) / revealed
  const evidence = { value, seen: positive, allSeen: (revealed / size) ** positive }
  if (revealed === size) return { ...evidence, low: value, high: value }
  const outside = (1 - level) / 2
  const negative = revealed - positive
  const low = positive === 0 ? 0 : betaQuantile(outside, positive + SHIFT, negative + 1 - SHIFT)
  const high = negative === 0 ? 1 : betaQuantile(1 - outside, positive + 1 - SHIFT, negative + SHIFT)
  const shortening = Math.sqrt((size - revealed) / (size - 1))
  return {
    ...evidence,
    low: Math.max(positive, value - shortening * (value - size * low)),
    high: Math.min(size - negative, value + shortening * (size * high - value)),
  }
}

/** The size from which on `enough` holds, by bisection; it does not hold at `from`. */
function firstSize(from: number, step: number, enough: (size: number) => boolean): number {
  let below = from
  let above = from + step
  while (!enough(above)) {
    below = above
    above = from + 2 * (above - from)
  }
  while (above - below > 1e-12 * above) {
    const middle = (below + above) / 2
    if (middle <= below || middle >= above) break
    if (enough(middle)) above = middle
    else below = middle
  }
  return above
}

/**
 * How many such units there are, when `seen` of them were revealed, each by itself with this propensity. The limits are
 * the sizes at which as many, or as few, would be seen too rarely; {@link SHIFT} between exact and Jeffreys as above.
 */
export function countOfUnknownSize(seen: number, propensity: number, level: number): CountEstimate {
  const value = seen / propensity
  const evidence = { value, seen, allSeen: propensity ** seen }
  if (propensity === 1) return { ...evidence, low: value, high: value }
  const outside = (1 - level) / 2
  const step = 1 / propensity
  const manySeen = (size: number) => incompleteBeta(propensity, seen + SHIFT, size - seen + 1 - SHIFT)
  const moreSeen = (size: number) => incompleteBeta(propensity, seen + 1 - SHIFT, size - seen + SHIFT)
  const low =
    seen === 0 || manySeen(seen) >= outside ? seen : firstSize(seen, step, (size) => manySeen(size) >= outside)
  return { ...evidence, low, high: firstSize(seen, step, (size) => moreSeen(size) >= 1 - outside) }
}

import type { CountEstimate } from './positive-count.ts'
import { sum } from './sum.ts'

/**
 * Sum of independent counts. The distances of the limits are added like standard errors, each side by itself (MOVER).
 * That takes the tails for smooth. They are not where few units exist and many of them are revealed, so the lower limit
 * is what was seen, as long as seeing everything is not itself too rare.
 *
 * Source: G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures: a general approach",
 * Statistics in Medicine 27 (2008), 1693–1702.
 */
export function sumOfCounts(counts: readonly CountEstimate[], level: number): CountEstimate {
  const value = sum(counts, (count) => count.value)
  const seen = sum(counts, (count) => count.seen)
  const allSeen = counts.reduce((probability, count) => probability * count.allSeen, 1)
  const distance = Math.hypot(...counts.map((count) => count.value - count.low))
  return {
    value,
    low: allSeen >= (1 - level) / 2 ? seen : Math.max(seen, value - distance),
    high: value + Math.hypot(...counts.map((count) => count.high - count.value)),
    seen,
    allSeen,
  }
}

/** The count with so many more that are certain. */
export function withMore(count: CountEstimate, certain: number): CountEstimate {
  const { value, low, high, seen, allSeen } = count
  return { value: value + certain, low: low + certain, high: high + certain, seen: seen + certain, allSeen }
}

/**
 * Limits of part / (part + rest) for independent counts: those shares at which (1 − share) · part and share · rest can't
 * be told apart (MOVER for a ratio), and what was seen, as in the sum. A count that is certainly 0 decides alone; not
 * both may be.
 *
 * Source: A. Donner, G. Y. Zou, "Closed-form confidence intervals for functions of the normal mean and standard
 * deviation", Statistical Methods in Medical Research 21 (2012), 347–359; R. G. Newcombe, "MOVER-R confidence intervals
 * for ratios and products of two independently estimated quantities", same journal 25 (2016), 1774–1778.
 */
export function shareLimits(
  part: CountEstimate,
  rest: CountEstimate,
  level: number,
): readonly [low: number, high: number] {
  if (part.high === 0) return [0, 0]
  if (rest.high === 0) return [1, 1]
  const product = part.value * rest.value
  const equation = (ofPart: number, ofRest: number) => {
    const constant = ofPart * (2 * part.value - ofPart)
    const square = ofRest * (2 * rest.value - ofRest)
    return { constant, square, root: Math.sqrt(Math.max(0, product ** 2 - constant * square)) }
  }
  const least = equation(part.low, rest.high)
  const most = equation(part.high, rest.low)
  const lowOdds = least.constant <= 0 ? 0 : least.constant / (product + least.root)
  const highOdds = most.square <= 0 ? Infinity : (product + most.root) / most.square
  const low = lowOdds / (1 + lowOdds)
  const high = highOdds === Infinity ? 1 : highOdds / (1 + highOdds)
  const common = (1 - level) / 2
  return [
    part.allSeen >= common ? Math.min(low, part.seen / (part.seen + rest.high)) : low,
    rest.allSeen >= common ? Math.max(high, part.high / (part.high + rest.seen)) : high,
  ]
}

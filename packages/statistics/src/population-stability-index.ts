import { checkSameLength, invalid, parseCounts, parseOptions } from './parse.ts'
import { StatisticsError } from './statistics-error.ts'
import { sum } from './sum.ts'

export interface FloorOption {
  /** A share below it is set to it; from 0, below 1; 0.0001 by default. */
  readonly floor?: number | undefined
}

export function parseFloor(floor = 1e-4): number {
  if (!(Number.isFinite(floor) && floor >= 0 && floor < 1)) {
    throw invalid('floor', floor, 'Pass a small share from 0, below 1, such as 0.0001')
  }
  return floor
}

/** Shares of checked counts, none below the floor. They are not normalised again. */
export function flooredShares(counts: readonly number[], floor: number): number[] {
  const total = sum(counts)
  return counts.map((count) => Math.max(count / total, floor))
}

/** The index of two lists of floored shares. */
export function stabilityIndex(reference: readonly number[], current: readonly number[]): number {
  let index = 0
  for (const [bin, before] of reference.entries()) {
    const now = current[bin] ?? before
    if (now !== before) index += (now - before) * Math.log(now / before)
  }
  return index
}

/**
 * Population stability index Σ (c − r) ln(c / r) over the bins' shares: 0 for equal shares, else above 0.
 *
 * Whether a value means drift depends on the number of units and bins, so compare it with `psiAlertThreshold`, not with
 * a fixed 0.1 or 0.25. Empty bins matter: an empty bin adds about r ln(r / floor), so use the same floor in both.
 *
 * Source: it is Jeffreys' divergence (H. Jeffreys, Proceedings of the Royal Society A 186 (1946), 453–461), brought into
 * credit scoring as this index; see B. Yurdakul, "Statistical properties of population stability index", Western
 * Michigan University, 2018.
 *
 * @param reference counts per bin, from 0 on; weighted counts need not be whole
 * @param current counts in the same bins
 * @throws StatisticsError `invalid-argument`, `length-mismatch`, `no-data` (all counts 0), `infinite-result` (floor 0 and
 * a bin that is empty on one side)
 */
export function populationStabilityIndex(
  reference: Iterable<number>,
  current: Iterable<number>,
  options?: FloorOption,
): number {
  const floor = parseFloor(parseOptions(options).floor)
  const before = parseCounts(reference, 'reference')
  const now = parseCounts(current, 'current')
  checkSameLength(before, 'reference', now, 'current')
  const index = stabilityIndex(flooredShares(before, floor), flooredShares(now, floor))
  if (index === Infinity) {
    throw new StatisticsError(
      'infinite-result',
      'A bin is empty on one side only, and with floor 0 the index is infinite',
      'Pass a floor above 0, or merge the bin with its neighbour',
    )
  }
  return index
}

import { multinomialSampler } from './multinomial-sample.ts'
import { invalid, parseCounts, parseLevel, parseOptions, parseWhole } from './parse.ts'
import { parseRandom } from './parse-random.ts'
import type { FloorOption } from './population-stability-index.ts'
import { flooredShares, parseFloor, stabilityIndex } from './population-stability-index.ts'
import { StatisticsError } from './statistics-error.ts'
import { sum } from './sum.ts'

export interface PsiAlertOptions extends FloorOption {
  /** Counts per bin, from 0 on; taken as they are: a bin that is empty here is never drawn. */
  readonly reference: Iterable<number>
  /** How many units the current counts are made of; whole, from 1 on. */
  readonly current: number
  /** 1 − the probability of a false alarm per look; above 0, below 1; 0.95 by default. */
  readonly level?: number | undefined
  /** Numbers in [0, 1). By default a generator with a fixed seed, so that the threshold is a pure function. */
  readonly random?: (() => number) | undefined
  /** Number of simulated draws; whole; 10,000 by default. */
  readonly simulations?: number | undefined
}

/**
 * The population stability index that chance alone passes with probability 1 − `level` when `current` units are drawn
 * from the reference's shares. Alarm when the index is above it (not at it: with few units one value is common).
 *
 * It is simulated, because the chi-squared approximation (Yurdakul 2018) fails where it is needed: with 30 units in 10
 * bins an empty bin alone outweighs its threshold, and it fires 4 times in 10 instead of once in 20.
 *
 * The threshold is the ⌈level · (simulations + 1)⌉-th smallest simulated index. As the real index under no drift is one
 * more draw of the same kind, it passes with probability at most 1 − `level`, averaged over simulations. One threshold's
 * own false alarm rate varies around that with standard error √(level · (1 − level) / simulations): 0.2 points at 0.95
 * and 10,000 simulations. Index values are discrete, so with few units the rate may also be lower than asked for.
 *
 * The reference counts as known exactly. Where it has few units itself, chance moves it too, and alarms are more frequent.
 *
 * @throws StatisticsError `invalid-argument`, `no-data` (reference all 0), `infinite-result` (floor 0 and too few units
 * to fill every bin)
 */
export function psiAlertThreshold(options: PsiAlertOptions): number {
  const { reference, current, level, floor, random, simulations = 10_000 } = parseOptions(options)
  if (reference === undefined) throw invalid('reference', reference, 'Pass the counts per bin of the reference')
  const counts = parseCounts(reference, 'reference')
  const units = parseWhole(current ?? Number.NaN, 'current', 1)
  const kept = parseLevel(level)
  const least = parseFloor(floor)
  const draw = parseRandom(random, 'psi-alert-threshold')
  // Products such as 0.95 · 20 may round to just above a whole number.
  const rank = Math.ceil(kept * (parseWhole(simulations, 'simulations', 1) + 1) - 1e-9)
  if (rank > simulations) {
    throw invalid('simulations', simulations, `Pass at least ${Math.ceil(kept / (1 - kept))} for level ${kept}`)
  }
  const total = sum(counts)
  const sample = multinomialSampler(
    counts.map((count) => count / total),
    draw,
  )
  const before = flooredShares(counts, least)
  const indexes = Float64Array.from({ length: simulations }, () =>
    stabilityIndex(before, flooredShares(sample(units), least)),
  )
  const threshold = indexes.sort()[rank - 1] ?? Infinity
  if (threshold === Infinity) {
    throw new StatisticsError(
      'infinite-result',
      'With floor 0, chance leaves a bin empty too often for a finite threshold',
      'Pass a floor above 0, more units, or wider bins',
    )
  }
  return threshold
}

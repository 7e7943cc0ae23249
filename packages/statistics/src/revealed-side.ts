import { sumOfCounts } from './combined-count.ts'
import type { CountEstimate } from './positive-count.ts'
import { countOfKnownSize, countOfUnknownSize } from './positive-count.ts'
import type { Stratum } from './revealed-strata.ts'
import { sum } from './sum.ts'

/** What the revealed units say of one side: of all that was predicted positive, or of all that was predicted negative. */
export interface Side {
  readonly listed: boolean
  readonly revealed: number
  /** Units in strata of which something was revealed, and in strata of which nothing was. */
  readonly known: number
  readonly unrevealed: number
  readonly positive: CountEstimate
  readonly negative: CountEstimate
  /** Weights of the revealed units, and of those that are positive in truth. */
  readonly weights: readonly number[]
  readonly positiveWeights: readonly number[]
}

function weightOf({ count, revealed, propensity }: Stratum): number {
  return count === undefined ? 1 / propensity : count / revealed
}

function positives({ count, revealed, positive, propensity }: Stratum, level: number): CountEstimate {
  return count === undefined
    ? countOfUnknownSize(positive, propensity, level)
    : countOfKnownSize(positive, revealed, count, level)
}

function negatives(stratum: Stratum, level: number): CountEstimate {
  return positives({ ...stratum, positive: stratum.revealed - stratum.positive }, level)
}

/** @param predicted which side: predicted positive, or negative */
export function sideOf(strata: readonly Stratum[], predicted: boolean, level: number): Side {
  const own = strata.filter((stratum) => stratum.predicted === predicted)
  const seen = own.filter(({ revealed }) => revealed > 0)
  const known = sum(seen, ({ count, revealed, propensity }) => count ?? revealed / propensity)
  const [positive, negative] = [positives, negatives].map((count) =>
    sumOfCounts(
      seen.map((stratum) => count(stratum, level)),
      level,
    ),
  ) as [CountEstimate, CountEstimate]
  const sized = own.every(({ count }) => count !== undefined)
  return {
    listed: own.length > 0,
    revealed: sum(seen, ({ revealed }) => revealed),
    known,
    unrevealed: sum(own, ({ revealed, count }) => (revealed > 0 ? 0 : (count ?? 0))),
    positive: sized ? { ...positive, high: known - negative.low } : positive,
    negative,
    weights: seen.flatMap((stratum) => Array.from<number>({ length: stratum.revealed }).fill(weightOf(stratum))),
    positiveWeights: seen.flatMap((stratum) =>
      Array.from<number>({ length: stratum.positive }).fill(weightOf(stratum)),
    ),
  }
}

/** The side's positives if the strata of which nothing was revealed were like those of which something was. */
export function filledIn({ positive, known, unrevealed }: Side): number | undefined {
  if (known > 0) return positive.value * (1 + unrevealed / known)
  return unrevealed > 0 ? undefined : 0
}

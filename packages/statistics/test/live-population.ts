import type { Interval, PopulationStratum, RevealedUnit } from '@groundtrace/statistics'
import { binomialSample } from '../src/multinomial-sample.ts'

/** A stratum of a live population whose truth the simulation knows. */
export interface KnownStratum extends PopulationStratum {
  /** How many of its units are positive in truth. */
  readonly positive: number
}

export interface Regime {
  readonly name: string
  readonly strata: readonly KnownStratum[]
}

function stratum(predicted: boolean, [count = 0, propensity = 1, share = 0]: readonly number[]): KnownStratum {
  return { predicted, propensity, count, positive: Math.round(count * share) }
}

function regime(name: string, blocked: readonly (readonly number[])[], passed: readonly number[]): Regime {
  return { name, strata: [...blocked.map((row) => stratum(true, row)), stratum(false, passed)] }
}

/** Rows: size, propensity, share that is positive in truth; blocked tiers first, then what passed. */
export const REGIMES: readonly Regime[] = [
  regime(
    'three tiers, few false alarms',
    [
      [600, 0.25, 0.8],
      [300, 0.1, 0.95],
      [400, 0.03, 0.99],
    ],
    [4000, 0.03, 0.01],
  ),
  regime(
    'precision close to 1',
    [
      [200, 0.25, 0.97],
      [300, 0.1, 0.99],
      [900, 0.03, 0.999],
    ],
    [4000, 0.03, 0.005],
  ),
  regime(
    'precision 1, recall close to 1',
    [
      [200, 0.25, 1],
      [300, 0.1, 1],
      [900, 0.03, 1],
    ],
    [4000, 0.03, 0.002],
  ),
  regime(
    'half right',
    [
      [300, 0.25, 0.2],
      [200, 0.1, 0.5],
      [300, 0.03, 0.9],
    ],
    [3000, 0.05, 0.003],
  ),
  regime(
    'small population',
    [
      [40, 0.25, 0.5],
      [40, 0.1, 0.8],
      [100, 0.1, 0.95],
    ],
    [500, 0.05, 0.02],
  ),
  regime(
    'rare positives',
    [
      [300, 0.25, 0.05],
      [100, 0.1, 0.2],
      [100, 0.03, 0.5],
    ],
    [5000, 0.01, 0.002],
  ),
  regime(
    'errors where propensity is low',
    [
      [100, 0.25, 0.8],
      [100, 0.1, 0.95],
      [1000, 0.03, 0.95],
    ],
    [3000, 0.03, 0.01],
  ),
  regime(
    'many missed',
    [
      [100, 0.25, 0.8],
      [100, 0.1, 0.9],
      [200, 0.05, 0.99],
    ],
    [3000, 0.05, 0.2],
  ),
  regime(
    'most revealed',
    [
      [100, 0.9, 0.8],
      [50, 0.5, 0.9],
    ],
    [3000, 0.3, 0.02],
  ),
  regime(
    'one false alarm in each tier, often seen',
    [
      [112, 0.5, 111 / 112],
      [605, 0.25, 604 / 605],
    ],
    [4093, 0.1, 0.002],
  ),
  regime('a single false alarm', [[787, 0.5, 786 / 787]], [1464, 0.3, 0.006]),
  regime('a single right alarm', [[787, 0.5, 1 / 787]], [1464, 0.3, 0.006]),
  regime(
    'large population',
    [
      [2400, 0.25, 0.8],
      [1200, 0.1, 0.95],
      [3600, 0.03, 0.99],
    ],
    [16_000, 0.03, 0.01],
  ),
]

export function truthOf({ strata }: Regime): { precision: number; recall: number } {
  const total = (figure: (stratum: KnownStratum) => number) => strata.reduce((sum, stratum) => sum + figure(stratum), 0)
  const found = total(({ predicted, positive }) => (predicted ? positive : 0))
  return {
    precision: found / total(({ predicted, count }) => (predicted ? count : 0)),
    recall: found / total(({ positive }) => positive),
  }
}

/** Reveals every unit by itself with its stratum's propensity. */
export function reveal({ strata }: Regime, random: () => number): RevealedUnit[] {
  return strata.flatMap(({ predicted, propensity, count, positive }) => {
    const units = (size: number, truth: boolean) =>
      Array.from({ length: binomialSample(size, propensity, random) }, () => ({ predicted, truth, propensity }))
    return [...units(positive, true), ...units(count - positive, false)]
  })
}

/** The textbook interval of the stratified precision, which ours is compared with. */
export function textbookPrecision({ strata }: Regime, units: readonly RevealedUnit[]): Interval {
  let [mean, variance, size] = [0, 0, 0]
  for (const { predicted, propensity, count } of strata) {
    const seen = units.filter((unit) => unit.predicted === predicted && unit.propensity === propensity)
    if (!predicted || seen.length === 0) continue
    const share = seen.filter(({ truth }) => truth).length / seen.length
    size += count
    mean += count * share
    variance += (count ** 2 * (1 - seen.length / count) * share * (1 - share)) / Math.max(1, seen.length - 1)
  }
  const half = 1.96 * Math.sqrt(variance)
  return [(mean - half) / size, (mean + half) / size]
}

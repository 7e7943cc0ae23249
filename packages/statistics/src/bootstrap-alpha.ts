import type { Interval, LevelOption } from './estimate.ts'
import { multinomialSampler } from './multinomial-sample.ts'
import { invalid, parseLevel, parseWhole } from './parse.ts'
import { parseRandom } from './parse-random.ts'
import { agreementOf, type PatternAgreement } from './pattern-agreement.ts'

export interface BootstrapOptions extends LevelOption {
  /** How many times the units are drawn again; whole; 1,000 by default. */
  readonly resamples?: number | undefined
  /** Numbers in [0, 1). By default a generator with a fixed seed, so that the interval is a pure function. */
  readonly random?: (() => number) | undefined
}

export interface ParsedBootstrap {
  readonly resamples: number
  readonly random: () => number
  /** Share of the resamples that the interval leaves out at each end. */
  readonly tail: number
}

/** @throws StatisticsError `invalid-argument` */
export function parseBootstrap(bootstrap: BootstrapOptions): ParsedBootstrap {
  if (typeof bootstrap !== 'object' || bootstrap === null) {
    throw invalid('bootstrap', bootstrap, 'Pass an object, such as { resamples: 1000 }, or {} for the defaults')
  }
  const { resamples = 1000, level, random } = bootstrap
  const tail = (1 - parseLevel(level)) / 2
  const least = Math.ceil(1 / tail - 1e-9) - 1
  if (parseWhole(resamples, 'bootstrap.resamples', 1) < least) {
    throw invalid('bootstrap.resamples', resamples, `Pass at least ${least}, so that the level has ends to choose from`)
  }
  return { resamples, tail, random: parseRandom(random, 'krippendorff-alpha') }
}

/** From how many units on a pattern is drawn by one binomial count; the units of rarer ones are drawn one by one. */
const FREQUENT = 16

/** Draws as many units as there are, with replacement, and counts how often each pattern came. */
function unitResampler(units: Int32Array, random: () => number): () => Int32Array {
  const frequent: number[] = []
  const others: number[] = []
  for (const [pattern, count] of units.entries()) {
    if (count >= FREQUENT) frequent.push(pattern)
    else for (let unit = 0; unit < count; unit += 1) others.push(pattern)
  }
  const rest = Int32Array.from(others)
  const total = units.reduce((sum, count) => sum + count, 0)
  const counts = [...frequent.map((pattern) => units[pattern] ?? 0), rest.length]
  const sample = multinomialSampler(
    counts.map((count) => count / total),
    random,
  )
  const drawn = new Int32Array(units.length)
  return () => {
    drawn.fill(0)
    const drawnCounts = sample(total)
    for (const [place, pattern] of frequent.entries()) drawn[pattern] = drawnCounts[place] ?? 0
    for (let left = drawnCounts.at(-1) ?? 0; left > 0; left -= 1) {
      const pattern = rest[Math.floor(random() * rest.length)] ?? 0
      drawn[pattern] = (drawn[pattern] ?? 0) + 1
    }
    return drawn
  }
}

export interface BootstrappedAlpha {
  readonly interval: Interval | undefined
  /** Resamples in which alpha is not defined, because all their values are the same. */
  readonly undefinedResamples: number
}

/** The percentile interval over resamples of the units; `undefined` where too many resamples have no alpha. */
export function bootstrapAlpha(
  agreement: PatternAgreement,
  units: Int32Array,
  { resamples, random, tail }: ParsedBootstrap,
): BootstrappedAlpha {
  const draw = unitResampler(units, random)
  const alphas: number[] = []
  for (let resample = 0; resample < resamples; resample += 1) {
    const { alpha } = agreementOf(agreement.sums(draw()), 1)
    if (alpha !== undefined) alphas.push(alpha)
  }
  const undefinedResamples = resamples - alphas.length
  // Whether the missing ones would be at the low or the high end is not known.
  if (undefinedResamples > tail * resamples) return { interval: undefined, undefinedResamples }
  const sorted = Float64Array.from(alphas).sort()
  const rank = Math.max(1, Math.floor(tail * (sorted.length + 1) + 1e-9))
  const [low, high] = [sorted[rank - 1], sorted[sorted.length - rank]]
  return { interval: low === undefined || high === undefined ? undefined : [low, high], undefinedResamples }
}

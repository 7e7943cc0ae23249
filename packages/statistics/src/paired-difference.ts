import { kish } from './effective-sample-size.ts'
import type { Interval, LevelOption } from './estimate.ts'
import { invalid, parseLevel, parseList, parseOptions } from './parse.ts'
import { sum } from './sum.ts'
import { normalDeviate } from './wilson-interval.ts'

/** One unit that both versions answered. */
export interface PairedUnit {
  /** Whether the candidate was right, or its score or loss on this unit. */
  readonly candidate: boolean | number
  /** The same of the champion, on the same unit. */
  readonly champion: boolean | number
  /** 1 / propensity with which the unit came into the set; finite, above 0; 1 by default. */
  readonly weight?: number | undefined
  /** True class of the unit; needed to average over classes. */
  readonly class?: string | number | undefined
}

export interface PairedDifferenceOptions extends LevelOption {
  /** 'units' (the default) compares weighted means, such as accuracy; 'classes' the mean of the classes' means. */
  readonly average?: 'units' | 'classes' | undefined
  /** The largest |candidate − champion| that any unit could show. 1 by default, which is right for true and false. */
  readonly bound?: number | undefined
}

export interface PairedDifference {
  /** candidate − champion. All figures are `undefined` without units. */
  readonly difference: number | undefined
  readonly interval: Interval | undefined
  readonly candidate: number | undefined
  readonly champion: number | undefined
  readonly units: number
  /** Kish's figure for the weights that the units have in the difference; 0 without units. */
  readonly effectiveSampleSize: number
}

interface Pair {
  readonly candidate: number
  readonly champion: number
  readonly weight: number
}

/**
 * The difference between two versions on the same units, with an interval: accuracy from `true` and `false`, balanced
 * accuracy with `average: 'classes'`, or the mean of any bounded score or loss.
 *
 * Means are weighted (self-normalised), the variance is that of the linearised paired difference. It takes the units for
 * a sample of those to come, so unlike `selfNormalizedEstimate` it has no finite population factor. For the interval each
 * group gets two more units of average weight, one won and one lost by `bound`: for accuracy without weights that is the
 * interval of D. G. Bonett, R. M. Price, "Adjusted Wald confidence interval for a difference of binomial proportions
 * based on paired data", Journal of Educational and Behavioral Statistics 37 (2012), 479–488. So two versions that agree
 * on every unit are not taken to be equal for certain. With k classes the two units weigh 1 / √k in each class.
 *
 * In simulations (15 to 2,000 units, 2 to 10 classes, classes down to 3 %, propensities 3 to 100 %) the 95 % interval
 * held the truth in 94 to 100 % of the runs; without the added units it fell to 76 %.
 *
 * To ask whether the candidate is better with 5 % risk of error, compare the lower end at level 0.9 with 0.
 *
 * @throws StatisticsError `invalid-argument`
 */
export function pairedDifference(units: Iterable<PairedUnit>, options?: PairedDifferenceOptions): PairedDifference {
  const { average = 'units', bound = 1, level } = parseOptions(options)
  const deviate = normalDeviate(parseLevel(level))
  if (average !== 'units' && average !== 'classes') throw invalid('average', average, "Pass 'units' or 'classes'")
  if (!(Number.isFinite(bound) && bound > 0)) throw invalid('bound', bound, 'Pass the largest possible difference')
  const groups = [...groupUnits(parseList(units, 'units'), average === 'classes', bound).values()]
  const count = sum(groups, (group) => group.length)
  if (count === 0) {
    const figures = { difference: undefined, interval: undefined, candidate: undefined, champion: undefined }
    return { ...figures, units: 0, effectiveSampleSize: 0 }
  }
  const over = (figure: (group: readonly Pair[]) => number) => sum(groups, figure) / groups.length
  const candidate = over((group) => weightedMean(group, (pair) => pair.candidate))
  const champion = over((group) => weightedMean(group, (pair) => pair.champion))
  const difference = over((group) => weightedMean(group, ({ candidate, champion }) => candidate - champion))
  const padded = groups.map((group) => withDoubt(group, bound, 1 / Math.sqrt(groups.length)))
  const centre = sum(padded, ({ mean }) => mean) / groups.length
  const half = (deviate * Math.sqrt(sum(padded, ({ variance }) => variance))) / groups.length
  return {
    difference,
    interval: [Math.max(-bound, centre - half), Math.min(bound, centre + half)],
    candidate,
    champion,
    units: count,
    effectiveSampleSize: groups.length ** 2 / sum(groups, (group) => 1 / kish(group.map(({ weight }) => weight))),
  }
}

function weightedMean(group: readonly Pair[], figure: (pair: Pair) => number): number {
  return sum(group, (pair) => pair.weight * figure(pair)) / sum(group, ({ weight }) => weight)
}

/** Mean and variance of the group's difference with two more units, one won and one lost by `bound`. */
function withDoubt(group: readonly Pair[], bound: number, share: number): { mean: number; variance: number } {
  const weight = (share * sum(group, (pair) => pair.weight)) / group.length
  const all = [...group, { candidate: bound, champion: 0, weight }, { candidate: 0, champion: bound, weight }]
  const mean = weightedMean(all, ({ candidate, champion }) => candidate - champion)
  const whole = sum(all, (pair) => pair.weight)
  const squares = sum(all, (pair) => (pair.weight * (pair.candidate - pair.champion - mean)) ** 2)
  return { mean, variance: squares / whole ** 2 }
}

function groupUnits(units: readonly PairedUnit[], byClass: boolean, bound: number): Map<unknown, Pair[]> {
  const groups = new Map<unknown, Pair[]>()
  for (const [index, unit] of units.entries()) {
    const name = `units[${index}]`
    if (typeof unit !== 'object' || unit === null)
      throw invalid(name, unit, 'Pass { candidate, champion, weight?, class? }')
    const candidate = parseFigure(unit.candidate, `${name}.candidate`)
    const champion = parseFigure(unit.champion, `${name}.champion`)
    const weight = unit.weight ?? 1
    if (!(Number.isFinite(weight) && weight > 0)) throw invalid(`${name}.weight`, weight, 'Pass 1 / propensity')
    if (Math.abs(candidate - champion) > bound) {
      const nextStep = `Set bound to the largest possible difference of two figures; it is ${bound}`
      throw invalid(`The difference of ${name}`, candidate - champion, nextStep)
    }
    if (byClass && typeof unit.class !== 'string' && typeof unit.class !== 'number') {
      throw invalid(`${name}.class`, unit.class, "Pass the unit's true class, or average over units")
    }
    const key = byClass ? unit.class : undefined
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [{ candidate, champion, weight }])
    else group.push({ candidate, champion, weight })
  }
  return groups
}

function parseFigure(value: boolean | number, name: string): number {
  if (typeof value === 'boolean') return Number(value)
  if (!Number.isFinite(value)) throw invalid(name, value, 'Pass true or false, or a finite score')
  return value
}

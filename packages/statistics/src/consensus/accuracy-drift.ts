import type { Interval, LevelOption } from '../estimate.ts'
import { holmAdjusted } from '../holm.ts'
import { twoSidedNormal } from '../normal-tail.ts'
import { invalid, parseLevel, parseOptions, parseWhole } from '../parse.ts'
import { compareKeys, type RatingKey } from '../ratings.ts'
import { sum } from '../sum.ts'
import { normalDeviate, wilsonInterval } from '../wilson-interval.ts'
import { byRater, type JudgedAnswer, parseJudged } from './judged-answer.ts'

/** An answer, the truth that it is judged by, and the period that it was given in. */
export interface DatedAnswer extends JudgedAnswer {
  readonly period: RatingKey
}

export interface DriftOptions extends LevelOption {
  /** The period that is compared with all before it; the last one by default. */
  readonly current?: RatingKey | undefined
  /** A rater with fewer answers before or now is not compared; 20 by default. */
  readonly least?: number | undefined
}

/** A change of accuracy: now less before. The interval leaves out half of what the level does: 97.5 % by default. */
export interface AccuracyChange {
  readonly value: number
  readonly interval: Interval
  readonly pValue: number
}

export interface RaterDrift {
  readonly rater: RatingKey
  readonly periods: readonly {
    readonly period: RatingKey
    readonly answers: number
    readonly right: number
    readonly interval: Interval
  }[]
  /** How much more the rater's accuracy changed than that of raters did; p-value after Holm. `undefined` with too few answers. */
  readonly alone: AccuracyChange | undefined
}

export interface AccuracyDrift {
  readonly current: RatingKey
  /**
   * `many`: raters changed together, which tells of the guidelines or of the world; `raters`: only those in `drifted` did;
   * `unknown`: fewer than three raters can be compared, so that nothing tells one from many.
   */
  readonly verdict: 'none' | 'raters' | 'many' | 'unknown'
  /** Raters that changed otherwise than the rest. */
  readonly drifted: readonly RatingKey[]
  /** The change that the others have in common. */
  readonly common: AccuracyChange | undefined
  readonly raters: readonly RaterDrift[]
}

interface Change {
  readonly value: number
  readonly variance: number
  /** How much the change counts among those of other raters: by its answers, so that luck has no weight of its own. */
  readonly weight: number
}

const FEWEST_RATERS = 3

/** Variance of a median, in variances of a mean, for normal values. */
const MEDIAN_LOSS = Math.PI / 2

/** Difference of two shares; its variance with one success and one failure more in each (Agresti, Caffo). */
function changeOf(before: readonly DatedAnswer[], now: readonly DatedAnswer[]): Change {
  const rightOf = (answers: readonly DatedAnswer[]) => answers.filter(({ value, truth }) => value === truth).length
  const variance = (answers: readonly DatedAnswer[]) => {
    const share = (rightOf(answers) + 1) / (answers.length + 2)
    return (share * (1 - share)) / (answers.length + 2)
  }
  return {
    value: rightOf(now) / now.length - rightOf(before) / before.length,
    variance: variance(before) + variance(now),
    weight: (before.length * now.length) / (before.length + now.length),
  }
}

function pooled(changes: readonly Change[]): Change {
  const weight = sum(changes, (change) => change.weight)
  return {
    value: sum(changes, (change) => change.weight * change.value) / weight,
    variance: sum(changes, (change) => change.weight ** 2 * change.variance) / weight ** 2,
    weight,
  }
}

/** The change that half of the weight is at or below. */
function medianChange(changes: readonly Change[]): Change {
  const { variance, weight } = pooled(changes)
  let below = 0
  let value = 0
  for (const change of changes.toSorted((a, b) => a.value - b.value)) {
    value = change.value
    below += change.weight
    if (below >= weight / 2) break
  }
  return { value, variance: MEDIAN_LOSS * variance, weight }
}

function tested({ value, variance }: Pick<Change, 'value' | 'variance'>, deviate: number): AccuracyChange {
  const half = deviate * Math.sqrt(variance)
  return { value, interval: [value - half, value + half], pValue: twoSidedNormal(value / Math.sqrt(variance)) }
}

function perPeriod(answers: readonly DatedAnswer[], level: number): RaterDrift['periods'] {
  return [...Map.groupBy(answers, ({ period }) => period)]
    .sort(([a], [b]) => compareKeys(a, b))
    .map(([period, own]) => {
      const right = own.filter(({ value, truth }) => value === truth).length
      return { period, answers: own.length, right, interval: wilsonInterval(right, own.length, { level }) }
    })
}

/**
 * Did one rater change, or did many at once? Compares every rater's accuracy in the current period with all before it. A
 * rater drifted alone if the change differs from the median change of raters; many drifted if what the others have in
 * common differs from 0. Half of the error that the level allows is for each of the two questions, and Holm's method keeps
 * the first half for all raters together: where nothing changed, at most 5 % of the verdicts at 95 % say otherwise.
 *
 * Truth that the raters themselves settle moves with them where they all move the same way; truth from experts does not.
 *
 * Source of the variances: A. Agresti, B. Caffo, The American Statistician 54 (2000), 280–288.
 *
 * @throws StatisticsError `invalid-argument`
 */
export function accuracyDrift(answers: Iterable<DatedAnswer>, options?: DriftOptions): AccuracyDrift | undefined {
  const given = parseOptions(options)
  const level = parseLevel(given.level)
  const least = parseWhole(given.least ?? 20, 'least', 1)
  const dated = parseJudged(answers, ['rater', 'value', 'truth', 'period'])
  const periods = [...new Set(dated.map(({ period }) => period))].sort(compareKeys)
  const current = given.current ?? periods.at(-1)
  if (current === undefined) return undefined
  if (!periods.includes(current)) throw invalid('current', current, 'Pass a period that some answers are of')

  const allowed = (1 - level) / 2
  const deviate = normalDeviate(1 - allowed)
  const raters = byRater(dated).map(([rater, own]) => {
    const before = own.filter(({ period }) => compareKeys(period, current) < 0)
    const now = own.filter(({ period }) => period === current)
    const enough = before.length >= least && now.length >= least
    return { rater, own, change: enough ? changeOf(before, now) : undefined }
  })
  const changes = raters.flatMap(({ change }) => change ?? [])
  if (changes.length < FEWEST_RATERS) {
    const undated = raters.map(({ rater, own }) => ({ rater, periods: perPeriod(own, level), alone: undefined }))
    return { current, verdict: 'unknown', drifted: [], common: undefined, raters: undated }
  }
  const median = medianChange(changes)
  const alone = changes.map(({ value, variance }) =>
    tested({ value: value - median.value, variance: variance + median.variance }, deviate),
  )
  const adjusted = holmAdjusted(alone.map(({ pValue }) => pValue))
  const rest = changes.filter((_, index) => (adjusted[index] ?? 1) > allowed)
  const common = tested(pooled(rest.length === 0 ? changes : rest), deviate)
  const places = new Map(raters.filter(({ change }) => change !== undefined).map(({ rater }, place) => [rater, place]))
  const result = raters.map(({ rater, own }) => {
    const change = alone[places.get(rater) ?? -1]
    const pValue = adjusted[places.get(rater) ?? -1] ?? 1
    return { rater, periods: perPeriod(own, level), alone: change === undefined ? undefined : { ...change, pValue } }
  })
  const drifted = result.filter(({ alone }) => alone !== undefined && alone.pValue <= allowed).map(({ rater }) => rater)
  let verdict: AccuracyDrift['verdict'] = drifted.length > 0 ? 'raters' : 'none'
  if (common.pValue <= allowed) verdict = 'many'
  return { current, verdict, drifted, common, raters: result }
}

import { classificationQuality } from '../classification-quality.ts'
import type { Estimate, Interval, LevelOption } from '../estimate.ts'
import { invalid, parseLevel, parseOptions, parseWhole } from '../parse.ts'
import type { RatingKey } from '../ratings.ts'
import { wilsonInterval } from '../wilson-interval.ts'
import { byRater, type JudgedAnswer, parseJudged } from './judged-answer.ts'
import { raterAccuracy } from './rater-accuracy.ts'

/** What an interval says of a limit: `unknown` where it holds the limit, and where there is too little data. */
export type Carelessness = 'yes' | 'no' | 'unknown'

/** An answer and how long it took. */
export interface TimedAnswer {
  readonly unit: RatingKey
  readonly rater: RatingKey
  /** From seeing the unit to answering, above 0. */
  readonly seconds: number
}

export interface HasteOptions extends LevelOption {
  /** An answer is too fast below this part of the median time of the unit's other answers; 1/3 by default. */
  readonly part?: number | undefined
  /** The share of too fast answers that is still no haste; 0.1 by default. */
  readonly tolerated?: number | undefined
  /** Of a rater with fewer comparable answers nothing is said; 20 by default. */
  readonly least?: number | undefined
}

export interface RaterHaste {
  readonly rater: RatingKey
  /** Answers for units that at least two others answered. */
  readonly answers: number
  readonly tooFast: number
  /** Of the share of too fast answers. */
  readonly interval: Interval
  /** Median of own time / median time of the others; `undefined` without such answers. */
  readonly pace: number | undefined
  /** Is the share above what is tolerated? */
  readonly careless: Carelessness
}

const FEWEST_OTHERS = 2

/** The lower of the two middle values where there are two, so that one long break does not make the others look hasty. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? 0
}

function parseShare(value: number, name: string): number {
  if (!(typeof value === 'number' && value > 0 && value < 1))
    throw invalid(name, value, 'Pass a number between 0 and 1')
  return value
}

/**
 * Who answers too fast to have looked? Times are compared within a unit, since long units take long; by the median of the
 * others, since some leave the page open.
 *
 * @throws StatisticsError `invalid-argument`
 */
export function hastyRaters(answers: Iterable<TimedAnswer>, options?: HasteOptions): RaterHaste[] {
  const given = parseOptions(options)
  const level = parseLevel(given.level)
  const part = parseShare(given.part ?? 1 / 3, 'part')
  const tolerated = parseShare(given.tolerated ?? 0.1, 'tolerated')
  const least = parseWhole(given.least ?? 20, 'least', 1)
  const timed = parseJudged(answers, ['unit', 'rater', 'seconds'])
  for (const [index, { seconds }] of timed.entries()) {
    if (!(typeof seconds === 'number' && seconds > 0)) {
      throw invalid(`answers[${index}].seconds`, seconds, 'Pass seconds above 0, and leave out answers without a time')
    }
  }
  const units = Map.groupBy(timed, ({ unit }) => unit)
  return byRater(timed).map(([rater, own]) => {
    const paces = own.flatMap(({ unit, seconds }) => {
      const others = (units.get(unit) ?? []).filter((answer) => answer.rater !== rater)
      return others.length < FEWEST_OTHERS ? [] : seconds / median(others.map((answer) => answer.seconds))
    })
    const tooFast = paces.filter((pace) => pace < part).length
    const interval = wilsonInterval(tooFast, paces.length, { level })
    let careless: Carelessness = 'unknown'
    if (paces.length >= least && interval[0] > tolerated) careless = 'yes'
    if (paces.length >= least && interval[1] <= tolerated) careless = 'no'
    return {
      rater,
      answers: paces.length,
      tooFast,
      interval,
      pace: paces.length === 0 ? undefined : median(paces),
      careless,
    }
  })
}

export interface DependenceOptions extends LevelOption {
  /** Below this, answers hardly depend on the unit; 0.2 by default. */
  readonly limit?: number | undefined
}

export interface RaterDependence {
  readonly rater: RatingKey
  readonly answers: number
  /** 1 for always right, 0 for answers that do not depend on the truth; `undefined` where all units are of one class. */
  readonly dependence: Estimate
  /** Is the dependence below the limit? */
  readonly careless: Carelessness
}

/**
 * Whose answers do not depend on the unit? Somebody who always says the same, or rolls dice, is right for a class as often
 * as they say it, so that the recalls of all k classes sum to 1. Dependence is (sum of recalls − 1) / (k − 1): Youden's
 * index for two classes. Unlike accuracy, it gives nothing for always naming the commonest class.
 *
 * @param answers judged by a truth that the rater had no say in, such as `settledWithoutOwn` gives
 * @throws StatisticsError `invalid-argument`
 */
export function unitDependence(answers: Iterable<JudgedAnswer>, options?: DependenceOptions): RaterDependence[] {
  const given = parseOptions(options)
  const level = parseLevel(given.level)
  const limit = parseShare(given.limit ?? 0.2, 'limit')
  return raterAccuracy(answers).raters.map(({ rater, answers: count, confusion }) => {
    const present = confusion.filter((row) => row.some((cell) => cell > 0)).length
    if (present < 2) {
      return { rater, answers: count, dependence: { value: undefined, interval: undefined }, careless: 'unknown' }
    }
    const { balancedAccuracy } = classificationQuality(confusion, { level })
    const scaled = (recall: number | undefined) => (present * (recall ?? 0) - 1) / (present - 1)
    const [low, high] = balancedAccuracy.interval ?? [0, 1]
    const interval: Interval = [scaled(low), scaled(high)]
    let careless: Carelessness = 'unknown'
    if (interval[1] < limit) careless = 'yes'
    if (interval[0] >= limit) careless = 'no'
    return { rater, answers: count, dependence: { value: scaled(balancedAccuracy.value), interval }, careless }
  })
}

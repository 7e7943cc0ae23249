import type { Interval, LevelOption } from '../estimate.ts'
import { parseLevel, parseOptions } from '../parse.ts'
import { compareKeys, type RatingKey } from '../ratings.ts'
import { wilsonInterval } from '../wilson-interval.ts'
import { byRater, type JudgedAnswer, parseJudged } from './judged-answer.ts'

export interface RaterAccuracy {
  readonly rater: RatingKey
  readonly answers: number
  readonly right: number
  readonly accuracy: number
  readonly interval: Interval
  /** Truth × answer: counts, in the order of `classes`. What `classificationQuality` takes. */
  readonly confusion: readonly (readonly number[])[]
}

export interface RaterAccuracies {
  /** Every truth and every answer. */
  readonly classes: readonly RatingKey[]
  /** Raters with at least one judged answer, in order. */
  readonly raters: readonly RaterAccuracy[]
}

/**
 * How often each rater is right, and what they take for what.
 *
 * @throws StatisticsError `invalid-argument`
 */
export function raterAccuracy(answers: Iterable<JudgedAnswer>, options?: LevelOption): RaterAccuracies {
  const level = parseLevel(parseOptions(options).level)
  const judged = parseJudged(answers, ['rater', 'value', 'truth'])
  const classes = [...new Set(judged.flatMap(({ value, truth }) => [value, truth]))].sort(compareKeys)
  const codes = new Map(classes.map((name, code) => [name, code]))
  const raters = byRater(judged).map(([rater, own]) => {
    const confusion = classes.map(() => classes.map(() => 0))
    for (const { value, truth } of own) {
      const row = confusion[codes.get(truth) ?? 0] ?? []
      const code = codes.get(value) ?? 0
      row[code] = (row[code] ?? 0) + 1
    }
    const right = own.filter(({ value, truth }) => value === truth).length
    const interval = wilsonInterval(right, own.length, { level })
    return { rater, answers: own.length, right, accuracy: right / own.length, interval, confusion }
  })
  return { classes, raters }
}

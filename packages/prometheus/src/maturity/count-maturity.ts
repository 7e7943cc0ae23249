import { isUnobservable, type Count, type JoinedOutcome, type Prediction, type Verdict } from '@groundtrace/core'
import { cohortOf, cohortStart, delayBound } from './lattice.ts'

/** How the names of these counts begin. They are no metrics: a cohort is no label. */
export const MATURITY = 'maturity.'
export const ASKED = `${MATURITY}asked`
export const ANSWERED = `${MATURITY}answered`

/** Cohorts are kept for so many horizons, and then no longer of use. */
export const HORIZONS_KEPT = 4

/** Somebody can answer it, and it answers for its case itself. */
const isAsked = (prediction: Prediction): boolean => prediction.whole === undefined && !isUnobservable(prediction)

/** Somebody said something that counts; silence is not an answer. */
const isAnswer = ({ state, authority }: Verdict): boolean =>
  state !== 'expired' && state !== 'censored' && authority !== 'silence'

/** The first line of a prediction that rests on an answer. */
const isFirstAnswer = ({ outcome }: JoinedOutcome): boolean =>
  isAnswer(outcome) && (outcome.replaces === undefined || !isAnswer(outcome.replaces))

type Added = readonly [name: string, prediction: Prediction, further: Readonly<Record<string, string>>]

function summed(added: readonly Added[]): readonly Count[] {
  const counts = new Map<string, Count>()
  for (const [name, { task, time }, further] of added) {
    const { name: of, horizonSeconds } = task
    const cohort = cohortOf(horizonSeconds, time)
    const labels = { task: of, horizon: String(horizonSeconds), cohort: String(cohort), ...further }
    const key = JSON.stringify([name, Object.values(labels)])
    const expires = cohortStart(horizonSeconds, cohort + 1) + HORIZONS_KEPT * horizonSeconds * 1000
    counts.set(key, { name, labels, value: (counts.get(key)?.value ?? 0) + 1, expires })
  }
  return [...counts.values()]
}

/** What a page of predictions adds to the cohorts that wait for answers. Pure. */
export function countAsked(lines: readonly Prediction[]): readonly Count[] {
  return summed(lines.filter(isAsked).map((prediction): Added => [ASKED, prediction, {}]))
}

/**
 * What a page of outcomes adds to the answers of each cohort, by how long they took until the register knew of them. Pure.
 * When something was said does not count: until it came, nobody could have reckoned with it.
 */
export function countAnswered(lines: readonly JoinedOutcome[]): readonly Count[] {
  return summed(
    lines.flatMap((line): readonly Added[] => {
      const { prediction, outcome, recorded = outcome.time } = line
      if (!isAsked(prediction) || !isFirstAnswer(line)) return []
      const delaySeconds = Math.max(0, recorded - prediction.time) / 1000
      const bound = delayBound(prediction.task.horizonSeconds, delaySeconds)
      return bound === undefined ? [] : [[ANSWERED, prediction, { delay: String(bound) }]]
    }),
  )
}

import type { LevelOption } from '../estimate.ts'
import { holmAdjusted } from '../holm.ts'
import { parseLevel, parseOptions, parseWhole } from '../parse.ts'
import type { RatingKey, RatingsInput } from '../ratings.ts'
import { type AnswerModel, answerProbability, normalise } from './answer-model.ts'
import { leaderAt } from './consensus.ts'
import { PairTallies } from './pair-tallies.ts'
import { upperTail } from './poisson-binomial.ts'
import { judgedRatings, parseSettledOptions, type RaterEvidence, type SettledOptions } from './unit-evidence.ts'

export interface SharedErrorsOptions extends SettledOptions, LevelOption {
  /** Pairs with fewer settled units in common are not tested; 20 by default. */
  readonly least?: number | undefined
}

/** How often two raters gave the same wrong answer. */
export interface SharedErrors {
  readonly raters: readonly [RatingKey, RatingKey]
  /** Units that both answered and that others settle. */
  readonly units: number
  /** Of these, units where both gave the same wrong answer. */
  readonly shared: number
  /** How many that would be by their own confusion matrices and the difficulty that units have for everybody. */
  readonly expected: number
  /** P(so many or more) by these, alone and after Holm's method for all pairs tested. */
  readonly pValue: number
  readonly adjusted: number
  /** True where `adjusted` is at most 1 − level. */
  readonly suspicious: boolean
}

export interface SharedErrorsReport {
  /** Pairs with enough units, most suspicious first. */
  readonly pairs: readonly SharedErrors[]
  /** Pairs with units in common, but too few of them: nothing is known of these. */
  readonly untested: number
}

/** P(truth | answers of all but these two). */
function withoutPair(
  logPrior: Float64Array,
  total: Float64Array,
  one: RaterEvidence,
  other: RaterEvidence,
): Float64Array {
  return normalise(
    logPrior.map(
      (prior, truth) =>
        prior + (total[truth] ?? 0) - (one.logLikelihoods[truth] ?? 0) - (other.logLikelihoods[truth] ?? 0),
    ),
  )
}

/**
 * Do two raters make the same mistakes more often than their skill explains? Raters who copy, who share an account or who
 * were taught wrong by the same person agree where they are wrong; agreement on what is right proves nothing.
 *
 * For every pair and every unit that the others settle without the two, the chance of the same wrong answer follows from
 * their two confusion matrices. Hard units lead everybody to the same mistakes, so all chances are raised by the factor
 * by which pairs without these two raters share more mistakes than their matrices say. The number of shared mistakes is
 * then a sum of independent trials, whose upper tail is computed exactly. A copied answer that is right is not seen. The
 * factor is an average: where a few units mislead nearly everybody in one way, look at these units before you accuse.
 *
 * @param model what `dawidSkene`, `mace` or `oneCoin` returned
 * @throws StatisticsError `invalid-argument`, `no-data` for a model of nothing, `unknown-class`
 */
export function sharedErrors(
  model: AnswerModel,
  ratings: RatingsInput,
  options?: SharedErrorsOptions,
): SharedErrorsReport {
  const given = parseOptions(options)
  const level = parseLevel(given.level)
  const least = parseWhole(given.least ?? 20, 'least', 1)
  const { certainty, others } = parseSettledOptions(given)
  const { answers, classes, eachUnit } = judgedRatings(model, ratings)
  const known = answers.raters.map((rater) => model.raters.indexOf(rater))
  const logPrior = model.prior.map(Math.log)
  const agreement = (one: number, other: number, truth: number, code: number) =>
    answerProbability(model, known[one] ?? -1, truth, code) * answerProbability(model, known[other] ?? -1, truth, code)
  const tallies = new PairTallies(classes.length)

  eachUnit((_, evidence) => {
    if (evidence.length < others + 2) return
    const total = new Float64Array(classes.length)
    for (const { logLikelihoods } of evidence) {
      for (let truth = 0; truth < total.length; truth += 1) {
        total[truth] = (total[truth] ?? 0) + (logLikelihoods[truth] ?? 0)
      }
    }
    for (const [index, one] of evidence.entries()) {
      for (const other of evidence.slice(index + 1)) {
        const probabilities = withoutPair(logPrior, total, one, other)
        const settled = leaderAt(probabilities, 0, classes.length)
        if ((probabilities[settled] ?? 0) < certainty) continue
        // The truth may be another class after all: then agreeing on it is no mistake, and no surprise.
        let expected = 0
        for (let truth = 0; truth < classes.length; truth += 1) {
          for (let code = 0; code < classes.length; code += 1) {
            if (code === settled) continue
            expected += (probabilities[truth] ?? 0) * agreement(one.rater, other.rater, truth, code)
          }
        }
        const shared = one.codes.some((code) => code !== settled && other.codes.includes(code))
        tallies.add([one.rater, other.rater], settled, expected, shared)
      }
    }
  })

  const tested = tallies.pairs().filter(({ units }) => units >= least)
  const pValues = tested.map(({ groups, shared }) => upperTail(groups, shared))
  const adjusted = holmAdjusted(pValues)
  const pairs = tested.map(({ raters, units, shared, expected }, index): SharedErrors => {
    const [one, other] = raters
    return {
      raters: [answers.raters[one] ?? '', answers.raters[other] ?? ''],
      units,
      shared,
      expected,
      pValue: pValues[index] ?? 1,
      adjusted: adjusted[index] ?? 1,
      suspicious: (adjusted[index] ?? 1) <= 1 - level,
    }
  })
  return { pairs: pairs.sort((a, b) => a.pValue - b.pValue), untested: tallies.size - tested.length }
}

import type { RatingKey, RatingsInput } from '../ratings.ts'
import { type AnswerModel, normalise } from './answer-model.ts'
import { leaderAt } from './consensus.ts'
import { judgedRatings, parseSettledOptions, type RaterEvidence, type SettledOptions } from './unit-evidence.ts'

/** An answer beside what others say is the truth. */
export interface SettledAnswer {
  readonly unit: RatingKey
  readonly rater: RatingKey
  readonly value: RatingKey
  /** The class that the answers of all others settle on. */
  readonly truth: RatingKey
  /** How probable it is by them. */
  readonly probability: number
}

/** Per rater of a unit: P(truth | answers of the others), without dividing anything out, so that certain answers do no harm. */
function withoutOwn(logPrior: Float64Array, evidence: readonly RaterEvidence[]): Float64Array[] {
  const others = evidence.map(() => logPrior.slice())
  for (const ends of [evidence.keys(), [...evidence.keys()].toReversed()]) {
    const sum = new Float64Array(logPrior.length)
    for (const index of ends) {
      const { logLikelihoods } = evidence[index] ?? { logLikelihoods: sum }
      for (let truth = 0; truth < sum.length; truth += 1) {
        const row = others[index] ?? sum
        row[truth] = (row[truth] ?? 0) + (sum[truth] ?? 0)
        sum[truth] = (sum[truth] ?? 0) + (logLikelihoods[truth] ?? 0)
      }
    }
  }
  return others.map(normalise)
}

/**
 * Every answer whose truth is settled without it: by the prior of the model and the answers of the unit's other raters.
 * Judged by all answers a rater would partly be judged by their own. What is not settled is left out, so figures are of
 * units that others can settle: easier ones than the rest.
 *
 * The answer itself has no say, but the matrices of the other raters were fitted with it in the data. One answer of
 * hundreds moves them by less than their own uncertainty; with a few answers per rater, use a model of other data.
 *
 * @param model what `dawidSkene`, `mace` or `oneCoin` returned; a rater that it does not know counts as an average one
 * @returns in order of units, then raters
 * @throws StatisticsError `invalid-argument`, `no-data` for a model of nothing, `unknown-class`
 */
export function settledWithoutOwn(
  model: AnswerModel,
  ratings: RatingsInput,
  options?: SettledOptions,
): SettledAnswer[] {
  const { certainty, others } = parseSettledOptions(options)
  const { answers, classes, eachUnit } = judgedRatings(model, ratings)
  const logPrior = model.prior.map(Math.log)
  const settled: SettledAnswer[] = []
  eachUnit((unit, evidence) => {
    if (evidence.length <= others) return
    for (const [index, probabilities] of withoutOwn(logPrior, evidence).entries()) {
      const truth = leaderAt(probabilities, 0, classes.length)
      const probability = probabilities[truth] ?? 0
      const own = evidence[index]
      if (own === undefined || probability < certainty) continue
      for (const code of own.codes) {
        settled.push({
          unit: answers.units[unit] ?? '',
          rater: answers.raters[own.rater] ?? '',
          value: classes[code] ?? '',
          truth: classes[truth] ?? '',
          probability,
        })
      }
    }
  })
  return settled
}

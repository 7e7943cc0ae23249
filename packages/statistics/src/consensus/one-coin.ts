import type { RatingKey, RatingsInput } from '../ratings.ts'
import { type Answers, answersFrom } from './answers.ts'
import { type Consensus, consensusOf } from './consensus.ts'
import { expectationMaximisation, type Fit, type FitOptions, parseFitOptions } from './expectation-maximisation.ts'
import { voteShares } from './majority-vote.ts'
import { OneCoinModel } from './one-coin-model.ts'

/** A consensus with one skill for each rater. */
export interface OneCoin extends Consensus, Fit {
  readonly raters: readonly RatingKey[]
  /** Per class: probability that it is a unit's truth. */
  readonly prior: Float64Array
  /** Per rater: probability that an answer is the truth; each wrong class is (1 − skill) / (classes − 1). */
  readonly skill: Float64Array
  /** The same for the answers of all raters together. */
  readonly pooledSkill: number
}

/** The fit of answers that are in order already. */
export function fitOneCoin(answers: Answers, options: FitOptions | undefined): OneCoin {
  const parsed = parseFitOptions(options, 4)
  const posterior = voteShares(answers)
  const model = new OneCoinModel(answers, posterior, parsed.smoothing)
  const fit = expectationMaximisation(model, posterior, parsed)
  return {
    ...consensusOf(answers.classes, answers.units, posterior),
    ...fit,
    raters: answers.raters,
    prior: model.prior,
    skill: model.skill,
    pooledSkill: model.pooledSkill,
  }
}

/**
 * The model of Dawid and Skene with one number for each rater: how often they are right. Good where raters have too few
 * answers for a confusion matrix, and where there are many classes. Fitted as `dawidSkene` is, from the same start.
 *
 * Smoothing is a number of answers, 4 by default, that every rater is taken to have given beforehand, as often right as
 * all raters are; and of units, divided evenly between classes.
 *
 * Source: Y. Zhang, X. Chen, D. Zhou, M. I. Jordan, "Spectral methods meet EM: a provably optimal algorithm for
 * crowdsourcing", Journal of Machine Learning Research 17 (2016), 1–44, section 2.
 *
 * @throws StatisticsError `invalid-argument`
 */
export function oneCoin(ratings: RatingsInput, options?: FitOptions): OneCoin {
  return fitOneCoin(answersFrom(ratings), options)
}

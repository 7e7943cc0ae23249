import type { RatingKey, RatingsInput } from '../ratings.ts'
import { type Answers, answersFrom } from './answers.ts'
import { byTruth, checkFitsInMemory } from './confusion-model.ts'
import { type Consensus, consensusOf } from './consensus.ts'
import { expectationMaximisation, type Fit, type FitOptions, parseFitOptions } from './expectation-maximisation.ts'
import { voteShares } from './majority-vote.ts'
import { SpammerModel } from './spammer-model.ts'

/** A consensus that tells answers which follow the unit from answers by habit. */
export interface Mace extends Consensus, Fit {
  readonly raters: readonly RatingKey[]
  /** Per class: probability that it is a unit's truth. */
  readonly prior: Float64Array
  /** Per rater: share of the answers that are the truth because it is the truth. */
  readonly skill: Float64Array
  /** Raters × answer: shares of the classes among answers by habit, which may be right by chance. */
  readonly habit: Float64Array
  /** Raters × truth × answer: P(answer | truth), as it follows from these. */
  readonly confusion: Float64Array
  /** Truth × answer: the expected shares of the answers of all raters together. */
  readonly pooledConfusion: Float64Array
}

/** The fit of answers that are in order already. */
export function fitMace(answers: Answers, options: FitOptions | undefined): Mace {
  const parsed = parseFitOptions(options, 4)
  checkFitsInMemory(answers)
  const posterior = voteShares(answers)
  const model = new SpammerModel(answers, posterior, parsed.smoothing)
  const fit = expectationMaximisation(model, posterior, parsed)
  return {
    ...consensusOf(answers.classes, answers.units, posterior),
    ...fit,
    raters: answers.raters,
    prior: model.prior,
    skill: model.skill,
    habit: model.habit,
    confusion: byTruth(model.table, answers.classes.length),
    pooledConfusion: byTruth(model.pooled, answers.classes.length),
  }
}

/**
 * Multi-annotator competence estimation (MACE): an answer is either the truth, with the rater's skill as probability, or
 * drawn from the rater's habit whatever the truth. It has fewer parameters than confusion matrices, and tells careless
 * raters, who always say the same or roll dice, from those who look. Fitted as `dawidSkene` is, from the same start; the
 * classes' shares are estimated where the paper takes them for even.
 *
 * Smoothing is a number of answers, 4 by default, that every rater is taken to have given beforehand, with the skill of
 * all raters; as many by habit, divided evenly between classes; and as many units, divided evenly too.
 *
 * Source: D. Hovy, T. Berg-Kirkpatrick, A. Vaswani, E. Hovy, "Learning whom to trust with MACE", Proceedings of NAACL-HLT
 * 2013, 1120–1130.
 *
 * @throws StatisticsError `invalid-argument`, `too-many-classes` where raters × classes² is above 2²⁶
 */
export function mace(ratings: RatingsInput, options?: FitOptions): Mace {
  return fitMace(answersFrom(ratings), options)
}

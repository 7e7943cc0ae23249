import type { RatingKey, RatingsInput } from '../ratings.ts'
import { type Answers, answersFrom } from './answers.ts'
import { byTruth, checkFitsInMemory, ConfusionModel } from './confusion-model.ts'
import { type Consensus, consensusOf } from './consensus.ts'
import { expectationMaximisation, type Fit, type FitOptions, parseFitOptions } from './expectation-maximisation.ts'
import { voteShares } from './majority-vote.ts'

/** A consensus with a confusion matrix for each rater. */
export interface DawidSkene extends Consensus, Fit {
  readonly raters: readonly RatingKey[]
  /** Per class: probability that it is a unit's truth. */
  readonly prior: Float64Array
  /** Raters × truth × answer: P(answer | truth), at `(rater * classes.length + truth) * classes.length + answer`. */
  readonly confusion: Float64Array
  /** Truth × answer: the same for the answers of all raters together. */
  readonly pooledConfusion: Float64Array
  /**
   * Classes whose units the raters together, by this fit, answer with another class at least as often as with the class
   * itself. Not empty means that labels may have changed places, or that raters cannot tell these classes: the names of
   * the classes are then not to be relied on.
   */
  readonly unclear: readonly RatingKey[]
}

function unclearClasses(classes: readonly RatingKey[], pooled: Float64Array): readonly RatingKey[] {
  return classes.filter((_, truth) => {
    const row = pooled.subarray(truth * classes.length, (truth + 1) * classes.length)
    return row.some((share, answer) => answer !== truth && share >= (row[truth] ?? 0))
  })
}

/** The fit of answers that are in order already. */
export function fitDawidSkene(answers: Answers, options: FitOptions | undefined): DawidSkene {
  const parsed = parseFitOptions(options, 4)
  const classCount = answers.classes.length
  checkFitsInMemory(answers)
  const posterior = voteShares(answers)
  const model = new ConfusionModel(answers, posterior, parsed.smoothing)
  const fit = expectationMaximisation(model, posterior, parsed)
  const pooledConfusion = byTruth(model.pooled, classCount)
  return {
    ...consensusOf(answers.classes, answers.units, posterior),
    ...fit,
    raters: answers.raters,
    prior: model.prior,
    confusion: byTruth(model.table, classCount),
    pooledConfusion,
    unclear: unclearClasses(answers.classes, pooledConfusion),
  }
}

/**
 * Dawid and Skene's model: every unit has a true class, drawn from `prior`; every answer depends on it by the confusion
 * matrix of its rater, and on nothing else. Fitted by expectation–maximisation of the marginal likelihood.
 *
 * It starts from the shares of votes (equation 3.1 of the paper), takes from them the likeliest parameters, and then runs
 * at most `iterations` rounds of expectation and maximisation. `posterior` is the expectation at the parameters returned.
 * A rater's second answer for a unit counts as one more answer. Without smoothing, no round lowers the log-likelihood,
 * but the place where it stops need not be the highest there is.
 *
 * Smoothing is a number of answers, 4 by default, that every rater is taken to have given for each true class, divided
 * as the answers of all raters are; and of units, divided evenly between classes. Raters of few answers are so taken
 * for ordinary ones. The README says how 4 was found. Other libraries do not smooth: pass 0 to compare with them. A rater
 * none of whose units can be of some class then gets even shares for it among the classes that they ever answer: the data
 * says nothing there.
 *
 * Memory: 24 bytes × raters × classes².
 *
 * Source: A. P. Dawid, A. M. Skene, "Maximum likelihood estimation of observer error-rates using the EM algorithm",
 * Applied Statistics 28 (1979), 20–28.
 *
 * @throws StatisticsError `invalid-argument`, `too-many-classes` where raters × classes² is above 2²⁶
 */
export function dawidSkene(ratings: RatingsInput, options?: FitOptions): DawidSkene {
  return fitDawidSkene(answersFrom(ratings), options)
}

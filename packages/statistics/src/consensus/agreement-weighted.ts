import type { RatingKey, RatingsInput } from '../ratings.ts'
import { type Answers, answersFrom } from './answers.ts'
import { type Consensus, consensusOf, leaderAt } from './consensus.ts'
import { voteShares } from './majority-vote.ts'

/** A consensus that weighs raters. */
export interface AgreementWeighted extends Consensus {
  readonly raters: readonly RatingKey[]
  /** Per rater: the share of their answers that are the majority's label. */
  readonly skill: Float64Array
}

/** Per rater: the share of answers that are the leader of these shares. Above 0 for some rater of every unit. */
export function agreementWithLeaders(answers: Answers, shares: Float64Array): Float64Array {
  const { units, raters, classes, starts, raterCodes, classCodes } = answers
  const right = new Float64Array(raters.length)
  const given = new Float64Array(raters.length)
  for (let unit = 0; unit < units.length; unit += 1) {
    const leader = leaderAt(shares, unit * classes.length, classes.length)
    const end = starts[unit + 1] ?? 0
    for (let place = starts[unit] ?? 0; place < end; place += 1) {
      const rater = raterCodes[place] ?? 0
      given[rater] = (given[rater] ?? 0) + 1
      if (classCodes[place] === leader) right[rater] = (right[rater] ?? 0) + 1
    }
  }
  return right.map((count, rater) => count / (given[rater] ?? 1))
}

/**
 * Worker agreement with aggregate (Wawa): a majority vote finds how often each rater agrees with it, and a second vote
 * weighs every answer by that. A tied unit counts for those who answered the first of the tied classes.
 *
 * Source: Appen, "Calculating worker agreement with aggregate (Wawa)", 2021; the definition of crowd-kit 1.4.
 *
 * @throws StatisticsError `invalid-argument`
 */
export function agreementWeighted(ratings: RatingsInput): AgreementWeighted {
  const answers = answersFrom(ratings)
  const skill = agreementWithLeaders(answers, voteShares(answers))
  const consensus = consensusOf(answers.classes, answers.units, voteShares(answers, skill))
  return { ...consensus, raters: answers.raters, skill }
}

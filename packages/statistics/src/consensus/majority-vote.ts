import type { RatingsInput } from '../ratings.ts'
import { type Answers, answersFrom } from './answers.ts'
import { type Consensus, consensusOf } from './consensus.ts'

/** Units × classes: how many answers, or how much weight of answers where raters have weights, name the class. */
export function voteCounts(answers: Answers, weights?: Float64Array): Float64Array {
  const { units, classes, starts, raterCodes, classCodes } = answers
  const counts = new Float64Array(units.length * classes.length)
  for (let unit = 0; unit < units.length; unit += 1) {
    const row = unit * classes.length
    const end = starts[unit + 1] ?? 0
    for (let place = starts[unit] ?? 0; place < end; place += 1) {
      const weight = weights === undefined ? 1 : (weights[raterCodes[place] ?? 0] ?? 0)
      const cell = row + (classCodes[place] ?? 0)
      counts[cell] = (counts[cell] ?? 0) + weight
    }
  }
  return counts
}

/** The same as shares of each unit's answers. */
export function voteShares(answers: Answers, weights?: Float64Array): Float64Array {
  const shares = voteCounts(answers, weights)
  const classCount = answers.classes.length
  for (let row = 0; row < shares.length; row += classCount) {
    let total = 0
    for (let cell = row; cell < row + classCount; cell += 1) total += shares[cell] ?? 0
    for (let cell = row; cell < row + classCount; cell += 1) shares[cell] = (shares[cell] ?? 0) / total
  }
  return shares
}

/**
 * The class that most answers name. Its probabilities are shares of answers: how many say so, not how likely it is.
 *
 * Every row is one answer, also where a rater answered a unit more than once.
 *
 * @throws StatisticsError `invalid-argument`
 */
export function majorityVote(ratings: RatingsInput): Consensus {
  const answers = answersFrom(ratings)
  return consensusOf(answers.classes, answers.units, voteShares(answers))
}

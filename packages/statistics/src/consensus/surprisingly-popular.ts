import { leadersAt } from './consensus.ts'
import { parseSerum, type SerumAnswers } from './serum-answers.ts'

export interface SurprisinglyPopular {
  /** Index of the class. */
  readonly answer: number
  /** True where another class is as surprising, to 1e-9, and as popular. */
  readonly tied: boolean
  /** The classes that are so, and the answer. */
  readonly leaders: readonly number[]
  /** Per class: its share of the answers, the mean of the shares predicted, and how far the first is above the second. */
  readonly shares: readonly number[]
  readonly predicted: readonly number[]
  readonly surprise: readonly number[]
}

/**
 * The answer that is more popular than people predict, by most. Those who know better often know also that most do not,
 * so that this can be right where the majority is wrong. Of equally surprising answers the more popular one is taken,
 * then the first.
 *
 * For two classes this is the rule of the paper. For more, the paper weighs votes by ratios of predictions, which needs
 * voters for every class; the difference of shares does not.
 *
 * Source: D. Prelec, H. S. Seung, J. McCoy, "A solution to the single-question crowd wisdom problem", Nature 541 (2017),
 * 532–535.
 *
 * @throws StatisticsError `invalid-argument`, `length-mismatch`, `no-data`
 */
export function surprisinglyPopular(input: SerumAnswers): SurprisinglyPopular {
  const { predictions, shares } = parseSerum(input)
  const predicted = shares.map(
    (_, code) => predictions.reduce((sum, prediction) => sum + (prediction[code] ?? 0), 0) / predictions.length,
  )
  const surprise = shares.map((share, code) => share - (predicted[code] ?? 0))
  const surprising = leadersAt(Float64Array.from(surprise), 0, surprise.length)
  const popular = leadersAt(
    Float64Array.from(surprising, (code) => shares[code] ?? 0),
    0,
    surprising.length,
  )
  const leaders = popular.map((place) => surprising[place] ?? 0)
  return { answer: leaders[0] ?? 0, tied: leaders.length > 1, leaders, shares, predicted, surprise }
}

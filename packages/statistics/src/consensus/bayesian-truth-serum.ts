import { invalid } from '../parse.ts'
import { parseSerum, type SerumAnswers } from './serum-answers.ts'

export interface SerumInput extends SerumAnswers {
  /** Weight of the prediction, from 0 on; 1 by default, which makes the scores of all sum to 0. */
  readonly alpha?: number | undefined
  /** The least share that a prediction is taken to give a class; 0.01 by default, less where there are many classes. */
  readonly floor?: number | undefined
}

export interface SerumScore {
  /** ln (share of the own answer / geometric mean of the shares predicted for it): above 0 if it is surprisingly common. */
  readonly information: number
  /** −Kullback–Leibler divergence of the own prediction from the real shares: 0 at best. */
  readonly prediction: number
  /** information + alpha · prediction. */
  readonly total: number
}

/** Even shares are never so small that this part of them is above the default floor. */
const PART_OF_EVEN = 0.1
const DEFAULT_FLOOR = 0.01

function parseFloor(floor: number | undefined, classCount: number): number {
  if (floor === undefined) return Math.min(DEFAULT_FLOOR, PART_OF_EVEN / classCount)
  if (Number.isFinite(floor) && floor > 0 && floor <= 1 / classCount) return floor
  throw invalid('floor', floor, `Pass a share above 0 and at most that of even shares, ${1 / classCount}`)
}

/** Shares below the floor are raised to it, and then all are scaled to sum to 1; others stay as they are. */
function floored(shares: readonly number[], floor: number): readonly number[] {
  if (shares.every((share) => share >= floor)) return shares
  const raised = shares.map((share) => Math.max(floor, share))
  const total = raised.reduce((a, b) => a + b, 0)
  return raised.map((share) => share / total)
}

/**
 * Bayesian Truth Serum: pays for answers that are more common than people predict, and for good predictions. Where truth
 * cannot be known, honest answers and honest predictions are then the best that anybody can give, if all others do so.
 *
 * With x̄ the shares of the answers and ȳ the geometric means of the shares predicted, a respondent who answered k and
 * predicted y scores ln (x̄ₖ / ȳₖ) + alpha · Σ x̄ⱼ ln (yⱼ / x̄ⱼ), over classes that somebody answered. Natural logarithms.
 *
 * A prediction of 0 would cost the respondent everything, and raise the others without limit: shares below `floor` are
 * raised to it. A prediction that sums to 1 but for rounding, to 0.01, is scaled.
 *
 * Source: D. Prelec, "A Bayesian truth serum for subjective data", Science 306 (2004), 462–466.
 *
 * @returns per respondent, in their order
 * @throws StatisticsError `invalid-argument`, `length-mismatch`, `no-data`
 */
export function bayesianTruthSerum(input: SerumInput): SerumScore[] {
  const { answers, predictions, shares } = parseSerum(input)
  const { alpha = 1 } = input
  if (!(Number.isFinite(alpha) && alpha >= 0)) throw invalid('alpha', alpha, 'Pass a number from 0 on, such as 1')
  const floor = parseFloor(input.floor, shares.length)
  const logarithms = predictions.map((prediction) => floored(prediction, floor).map(Math.log))
  const logMeans = shares.map(
    (_, code) => logarithms.reduce((sum, row) => sum + (row[code] ?? 0), 0) / logarithms.length,
  )
  return answers.map((answer, respondent) => {
    const information = Math.log(shares[answer] ?? 0) - (logMeans[answer] ?? 0)
    let prediction = 0
    for (const [code, share] of shares.entries()) {
      if (share > 0) prediction += share * ((logarithms[respondent]?.[code] ?? 0) - Math.log(share))
    }
    return { information, prediction, total: information + alpha * prediction }
  })
}

import type { Interval, LevelOption } from './estimate.ts'
import { checkSameLength, invalid, parseLevel, parseList, parseNumbers, parseOptions, parseWhole } from './parse.ts'
import { sum } from './sum.ts'
import { normalDeviate, wilsonLimits } from './wilson-interval.ts'

export interface CalibrationOptions extends LevelOption {
  /** Number of bins of equal width over [0, 1]; 10 by default. */
  readonly bins?: number | undefined
}

export interface ReliabilityBin {
  /** From `low`, inclusive, to `high`, exclusive; the last bin includes 1. */
  readonly low: number
  readonly high: number
  readonly count: number
  /** Mean score of the units in the bin; `undefined` in an empty bin. */
  readonly meanScore: number | undefined
  /** Share of them that are positive, with Wilson's interval; `undefined` in an empty bin. */
  readonly positiveShare: number | undefined
  readonly interval: Interval | undefined
}

export interface Calibration {
  readonly total: number
  /** Mean over the units of |positive share − mean score| of their bin. `undefined` without units, like the next two. */
  readonly expectedCalibrationError: number | undefined
  /** The largest |positive share − mean score| of a bin with units. */
  readonly maximumCalibrationError: number | undefined
  /** Mean of (score − truth)². Needs no bins. */
  readonly brierScore: number | undefined
  readonly bins: readonly ReliabilityBin[]
}

/**
 * How far scores are from the shares they claim: expected and maximum calibration error over bins of equal width, and
 * the Brier score.
 *
 * A binned error of a perfectly calibrated model is above 0 by chance alone, and the more so the fewer units a bin has:
 * read it with the bins' intervals.
 *
 * Sources: M. P. Naeini, G. F. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning",
 * AAAI 2015; C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017 (there
 * bins are open on the left); G. W. Brier, Monthly Weather Review 78 (1950), 1–3 (in its form for one class).
 *
 * @param scores claimed probability of being positive, one per unit, from 0 to 1
 * @param truths whether the unit is positive: true or 1, false or 0
 * @throws StatisticsError `invalid-argument`, `length-mismatch`
 */
export function calibrationError(
  scores: Iterable<number>,
  truths: Iterable<boolean | number>,
  options?: CalibrationOptions,
): Calibration {
  const { bins = 10, level } = parseOptions(options)
  const deviate = normalDeviate(parseLevel(level))
  const claimed = parseNumbers(scores, 'scores')
  const positive = parseTruths(truths)
  checkSameLength(claimed, 'scores', positive, 'truths')
  const tallies = Array.from({ length: parseWhole(bins, 'bins', 1) }, () => ({ count: 0, score: 0, positive: 0 }))
  let squares = 0
  for (const [index, score] of claimed.entries()) {
    if (score < 0 || score > 1) throw invalid(`scores[${index}]`, score, 'Pass probabilities from 0 to 1')
    const truth = positive[index] ?? 0
    squares += (score - truth) ** 2
    const tally = tallies[binOf(score, bins)]
    if (tally === undefined) continue
    tally.count += 1
    tally.score += score
    tally.positive += truth
  }
  const total = claimed.length
  const gaps = tallies.map((tally) => Math.abs(tally.positive - tally.score))
  return {
    total,
    expectedCalibrationError: total === 0 ? undefined : sum(gaps) / total,
    maximumCalibrationError:
      total === 0
        ? undefined
        : Math.max(...tallies.map(({ count }, bin) => (count === 0 ? 0 : (gaps[bin] ?? 0) / count))),
    brierScore: total === 0 ? undefined : squares / total,
    bins: tallies.map(({ count, score, positive }, bin) => {
      const edges = { low: bin / bins, high: (bin + 1) / bins, count }
      if (count === 0) return { ...edges, meanScore: undefined, positiveShare: undefined, interval: undefined }
      const positiveShare = positive / count
      const interval = wilsonLimits(positiveShare, count, deviate)
      return { ...edges, meanScore: score / count, positiveShare, interval }
    }),
  }
}

function parseTruths(truths: Iterable<boolean | number>): number[] {
  return parseList(truths, 'truths').map((truth, index) => {
    if (truth === true || truth === 1) return 1
    if (truth === false || truth === 0) return 0
    throw invalid(`truths[${index}]`, truth, 'Pass true or 1, false or 0, and leave out units of unknown truth')
  })
}

/** The product may round across an edge, so the edges themselves decide. */
function binOf(score: number, bins: number): number {
  const near = Math.min(Math.floor(score * bins), bins - 1)
  if (score < near / bins) return near - 1
  return near + 1 < bins && score >= (near + 1) / bins ? near + 1 : near
}

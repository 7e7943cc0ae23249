import { AVERAGES, averagedQuality } from './averaged-quality.ts'
import type { Confusion } from './confusion.ts'
import { mapCells, parseConfusion } from './confusion.ts'
import type { Estimate, LevelOption } from './estimate.ts'
import { UNDEFINED_ESTIMATE } from './estimate.ts'
import { meanOfShares } from './mean-of-shares.ts'
import { invalid, parseLevel, parseOptions } from './parse.ts'
import { sum } from './sum.ts'
import { normalDeviate, wilsonLimits } from './wilson-interval.ts'

export interface ClassificationQualityOptions extends LevelOption {
  /** Names of the classes, in the order of rows and columns; '0', '1', … by default. */
  readonly classes?: Iterable<string> | undefined
  /**
   * How many units the confusion is worth, for the width of the intervals. The sum of the cells by default, which is
   * right for plain counts. For weighted counts pass `effectiveSampleSize(weights)`.
   */
  readonly effectiveSampleSize?: number | undefined
}

export interface QualityFigures {
  readonly precision: Estimate
  readonly recall: Estimate
  readonly f1: Estimate
}

export interface ClassQuality extends QualityFigures {
  readonly class: string
  /** Units that are of this class. */
  readonly support: number
  /** Units predicted to be of this class. */
  readonly predicted: number
}

export interface ClassificationQuality {
  readonly total: number
  readonly accuracy: Estimate
  /** Mean recall over the classes with support. */
  readonly balancedAccuracy: Estimate
  readonly perClass: readonly ClassQuality[]
  /** Unweighted means over the classes for which the figure is defined. Macro F1 is the mean of the classes' F1. */
  readonly macro: QualityFigures
  /** Over all units at once: with one label per unit all three are the accuracy. */
  readonly micro: QualityFigures
  /** Means weighted by support over the classes for which the figure is defined. Weighted recall is the accuracy. */
  readonly weighted: QualityFigures
}

/**
 * Accuracy, balanced accuracy, and precision, recall and F1 per class and averaged, each with an interval.
 *
 * A figure is `undefined` where its denominator is 0: precision of a class that was never predicted, recall of a class
 * without support, F1 of a class that has neither. F1 of a class with one of the two is 0, by its formula
 * 2·TP / (2·TP + FP + FN).
 *
 * Intervals: Wilson for accuracy, precision and recall. F1 is 2J / (1 + J) with J = TP / (TP + FP + FN), a plain share
 * (D. J. Hand, P. Christen, N. Kirielle, "F*: an interpretable transformation of the F-measure", Machine Learning 110
 * (2021), 451–456), so its interval is the transformed Wilson interval of J. Balanced accuracy, macro precision and
 * macro recall: stratified Wilson (Yan, Su 2010). Macro F1 and the support-weighted figures: delta method (Takahashi et
 * al. 2022) in Wilson's form. In simulations with 2 to 10 classes and 40 to 1,000 units the 95 % intervals held the
 * truth in 92 to 97 % of the runs.
 *
 * @param confusion square, rows truth, columns predicted; counts from 0 on, weighted counts need not be whole
 * @throws StatisticsError `invalid-argument`, `length-mismatch`
 */
export function classificationQuality(
  confusion: Iterable<Iterable<number>>,
  options?: ClassificationQualityOptions,
): ClassificationQuality {
  const { classes, level, effectiveSampleSize } = parseOptions(options)
  const counts = parseConfusion(confusion, classes)
  const deviate = normalDeviate(parseLevel(level))
  const worth = mapCells(counts, scaling(counts.total, effectiveSampleSize))
  const accuracy = share(sum(worth.right), worth.total, deviate)
  const perClass = worth.classes.map((name, k) => classQuality(name, k, counts, worth, deviate))
  const where = (holds: (k: number) => boolean) => [...worth.classes.keys()].filter(holds)
  const supported = (k: number) => (worth.support[k] ?? 0) > 0
  const predicted = (k: number) => (worth.predicted[k] ?? 0) > 0
  const balancedAccuracy = meanOf(worth.right, worth.support, deviate)
  const average = (name: keyof typeof AVERAGES, of: number[]) => averagedQuality(AVERAGES[name], worth, of, deviate)
  return {
    total: counts.total,
    accuracy,
    balancedAccuracy,
    perClass,
    macro: {
      precision: meanOf(worth.right, worth.predicted, deviate),
      recall: balancedAccuracy,
      f1: average(
        'macroF1',
        where((k) => supported(k) || predicted(k)),
      ),
    },
    micro: { precision: accuracy, recall: accuracy, f1: accuracy },
    weighted: {
      precision: average(
        'weightedPrecision',
        where((k) => supported(k) && predicted(k)),
      ),
      recall: accuracy,
      f1: average('weightedF1', where(supported)),
    },
  }
}

function scaling(total: number, effective: number | undefined): (count: number) => number {
  if (effective === undefined || total === 0) return (count) => count
  if (!(Number.isFinite(effective) && effective > 0)) {
    throw invalid('effectiveSampleSize', effective, 'Pass a finite number above 0, or leave it out for plain counts')
  }
  return (count) => (count * effective) / total
}

function classQuality(name: string, k: number, counts: Confusion, worth: Confusion, deviate: number): ClassQuality {
  const [right, support, predicted] = [worth.right[k] ?? 0, worth.support[k] ?? 0, worth.predicted[k] ?? 0]
  return {
    class: name,
    precision: share(right, predicted, deviate),
    recall: share(right, support, deviate),
    f1: f1FromJaccard(share(right, support + predicted - right, deviate)),
    support: counts.support[k] ?? 0,
    predicted: counts.predicted[k] ?? 0,
  }
}

function share(part: number, whole: number, deviate: number): Estimate {
  if (whole <= 0) return UNDEFINED_ESTIMATE
  return { value: part / whole, interval: wilsonLimits(part / whole, whole, deviate) }
}

function f1(jaccard: number): number {
  return (2 * jaccard) / (1 + jaccard)
}

function f1FromJaccard({ value, interval }: Estimate): Estimate {
  if (value === undefined || interval === undefined) return UNDEFINED_ESTIMATE
  return { value: f1(value), interval: [f1(interval[0]), f1(interval[1])] }
}

function meanOf(parts: readonly number[], wholes: readonly number[], deviate: number): Estimate {
  return meanOfShares(
    parts.map((part, k) => ({ part, whole: wholes[k] ?? 0 })),
    deviate,
  )
}

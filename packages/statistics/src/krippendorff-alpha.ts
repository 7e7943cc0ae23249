import { type AgreementBand, agreementBand } from './agreement-band.ts'
import { bootstrapAlpha, type BootstrapOptions, parseBootstrap } from './bootstrap-alpha.ts'
import { disagreementMetric, type MeasurementLevel } from './disagreement-metric.ts'
import type { Interval } from './estimate.ts'
import { parseOptions } from './parse.ts'
import { agreementOf, PatternAgreement } from './pattern-agreement.ts'
import { parseRatings, type RatingKey, type RatingsInput } from './ratings.ts'
import { unitPatterns } from './unit-patterns.ts'

export interface AlphaLevelOptions {
  /** What the distance of two values means. */
  readonly level: MeasurementLevel
  /** For the ordinal level: all values from low to high. Numbers have their own order, texts need this one. */
  readonly order?: Iterable<RatingKey> | undefined
}

export interface AlphaOptions extends AlphaLevelOptions {
  /** Asks for the interval; `{}` takes the defaults. */
  readonly bootstrap?: BootstrapOptions | undefined
}

/** Why a figure is missing or to be read with care. Programs switch on the code, people read the message. */
export interface AgreementWarning {
  readonly code: 'no-pairable-values' | 'no-variation' | 'prevalence' | 'narrow-interval' | 'undefined-resamples'
  readonly message: string
}

export interface KrippendorffAlpha {
  /** 1 for perfect agreement, 0 for that of chance, below 0 for less; `undefined` where it is not defined. */
  readonly alpha: number | undefined
  /** Mean δ² of pairs within units; `undefined` without pairable values, like the next. */
  readonly observed: number | undefined
  /** Mean δ² of pairs of all pairable values. */
  readonly expected: number | undefined
  /** Values in units that have at least two, and how many units these are. */
  readonly pairableValues: number
  readonly pairableUnits: number
  /** Where a bootstrap was asked for and enough of its resamples have an alpha. */
  readonly interval: Interval | undefined
  /** Of the interval's lower end where there is one, else of alpha; `undefined` where alpha is. */
  readonly band: AgreementBand | undefined
  readonly warnings: readonly AgreementWarning[]
}

/** From this share on, one value leaves so few others that alpha rests on them alone. */
const PREVALENT = 0.9

/** Below this many units, or values other than the commonest, the interval is narrower than its level says. */
const FEW_UNITS = 50
const FEW_OTHERS = 20

/**
 * Krippendorff's alpha: 1 − observed / expected disagreement, for any number of raters and with missing ratings.
 *
 * | level    | squared distance of the values c and k                                                       |
 * | -------- | -------------------------------------------------------------------------------------------- |
 * | nominal  | 0 if they are equal, else 1                                                                  |
 * | ordinal  | (how many pairable values are between them, and half of those at the two ends)²               |
 * | interval | (c − k)²                                                                                     |
 * | ratio    | ((c − k) / (c + k))², for values from 0 on                                                   |
 *
 * O(ratings) time, and for the ratio level also O(distinct values²). A unit with one rating says nothing about agreement
 * and is left out.
 *
 * The interval is the percentile interval over resamples of units. Ratings of one unit depend on each other and units
 * do not, so units are what chance drew; resampling single pairs, as Krippendorff's own algorithm does, takes them for
 * independent. Raters are taken as they are: the interval is about other units, not about other raters.
 *
 * Sources: K. Krippendorff, "Computing Krippendorff's alpha-reliability", University of Pennsylvania, 2011, and Content
 * Analysis, 4th edition, Sage 2019, chapter 12. Interval: A. Zapf, S. Castell, L. Morawietz, A. Karch, "Measuring
 * inter-rater reliability for nominal data – which coefficients and confidence intervals are appropriate?", BMC Medical
 * Research Methodology 16 (2016), 93.
 *
 * @throws StatisticsError `invalid-argument`, `duplicate-rating`
 */
export function krippendorffAlpha(ratings: RatingsInput, options: AlphaOptions): KrippendorffAlpha {
  const { level, order, bootstrap } = parseOptions(options)
  const parsed = parseRatings(ratings)
  const metric = disagreementMetric(parsed.values, level, order)
  const resampling = bootstrap === undefined ? undefined : parseBootstrap(bootstrap)
  const patterns = unitPatterns(parsed)
  const agreement = new PatternAgreement(patterns, metric, parsed.values.length)
  const sums = agreement.sums(patterns.units)
  const { alpha, observed, expected } = agreementOf(sums, metric.scale)
  const pairableUnits = patterns.units.reduce((sum, units) => sum + units, 0)

  const warnings: AgreementWarning[] = []
  const warn = (code: AgreementWarning['code'], message: string) => warnings.push({ code, message })
  let interval: Interval | undefined
  if (sums.pairable === 0) {
    warn(
      'no-pairable-values',
      'No unit has two ratings, so there is nothing to compare. Let several raters rate one unit.',
    )
  } else if (alpha === undefined) {
    warn(
      'no-variation',
      'All values that can be compared are the same, so agreement by chance cannot be told from skill.',
    )
  } else {
    // Not Math.max(…): there may be more values than a call has arguments.
    const most = sums.margins.reduce((found, count, code, all) => (count > (all[found] ?? 0) ? code : found), 0)
    const others = sums.pairable - (sums.margins[most] ?? 0)
    if (others <= (1 - PREVALENT) * sums.pairable) {
      const share = ((100 * (sums.pairable - others)) / sums.pairable).toFixed(1)
      const cause = `${JSON.stringify(parsed.values[most])} makes up ${share} % of all values, so alpha rests on the others`
      warn('prevalence', `${cause} and may be low where most units agree. Read it with its interval.`)
    }
    if (resampling !== undefined) {
      const resampled = bootstrapAlpha(agreement, patterns.units, resampling)
      interval = resampled.interval
      if (pairableUnits < FEW_UNITS || others < FEW_OTHERS) {
        const cause = `There are ${pairableUnits} units, and ${others} values other than the commonest`
        warn('narrow-interval', `${cause}, so the interval is narrower than its level says. Rate more units.`)
      }
      if (resampled.undefinedResamples > 0) {
        const kept = interval === undefined ? 'so there is no interval' : 'and the interval leaves them out'
        const share = `${resampled.undefinedResamples} of ${resampling.resamples} resamples`
        warn('undefined-resamples', `In ${share} all values are the same, ${kept}. Rate more units with rare values.`)
      }
    }
  }
  const band = agreementBand(interval?.[0] ?? alpha)
  return { alpha, observed, expected, pairableValues: sums.pairable, pairableUnits, interval, band, warnings }
}

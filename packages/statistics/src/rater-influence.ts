import { disagreementMetric } from './disagreement-metric.ts'
import type { AlphaLevelOptions } from './krippendorff-alpha.ts'
import { parseOptions } from './parse.ts'
import { agreementOf, type AgreementSums, PatternAgreement } from './pattern-agreement.ts'
import { parseRatings, type RatingKey, type Ratings, type RatingsInput } from './ratings.ts'
import { type UnitPatterns, unitPatterns } from './unit-patterns.ts'

export interface RaterInfluence {
  readonly rater: RatingKey
  /** Their ratings of units that somebody else rated too. */
  readonly pairableValues: number
  /** Alpha without them; `undefined` where it is not defined. */
  readonly alpha: number | undefined
  /** Alpha with them − alpha without: below 0 for who pulls agreement down. `undefined` where either alpha is. */
  readonly influence: number | undefined
}

/**
 * What each rater does to Krippendorff's alpha: alpha when all of their ratings are left out, and the difference. One
 * entry per rater, in the order in which they first came.
 *
 * Only the units of a rater are looked at again: O(ratings · ratings per unit) over all raters, and for each rater also
 * O(distinct values), at the ordinal level O(different multisets of values in a unit), at the ratio level O(distinct
 * values²). Low influence of few ratings is no proof of anything: read it beside `pairableValues`.
 *
 * @throws StatisticsError `invalid-argument`, `duplicate-rating`
 */
export function raterInfluence(ratings: RatingsInput, options: AlphaLevelOptions): readonly RaterInfluence[] {
  const { level, order } = parseOptions(options)
  const parsed = parseRatings(ratings)
  const metric = disagreementMetric(parsed.values, level, order)
  const patterns = unitPatterns(parsed)
  const agreement = new PatternAgreement(patterns, metric, parsed.values.length)
  const all = agreement.sums(patterns.units)
  const { alpha: alphaOfAll } = agreementOf(all, metric.scale)
  return pairableRatingsOf(parsed, patterns).map((theirs, index) => {
    const { alpha } = agreementOf(sumsWithout(theirs, all, patterns, agreement), metric.scale)
    const influence = alpha === undefined || alphaOfAll === undefined ? undefined : alphaOfAll - alpha
    return { rater: parsed.raters[index] ?? '', pairableValues: theirs.length / 2, alpha, influence }
  })
}

/** Per rater: pattern and value code of each of their pairable ratings, one after the other. */
function pairableRatingsOf({ raters, raterCodes, valueCodes, unitStarts }: Ratings, { patternOf }: UnitPatterns) {
  const byRater = raters.map((): number[] => [])
  for (const [unit, pattern] of patternOf.entries()) {
    if (pattern === -1) continue
    const end = unitStarts[unit + 1] ?? 0
    for (let place = unitStarts[unit] ?? 0; place < end; place += 1) {
      byRater[raterCodes[place] ?? 0]?.push(pattern, valueCodes[place] ?? 0)
    }
  }
  return byRater
}

function sumsWithout(
  theirs: readonly number[],
  all: AgreementSums,
  patterns: UnitPatterns,
  agreement: PatternAgreement,
): AgreementSums {
  const { starts, sizes, codes, counts, units } = patterns
  const margins = all.margins.slice()
  let pairable = all.pairable
  for (let place = 0; place < theirs.length; place += 2) {
    const [pattern = 0, value = 0] = [theirs[place], theirs[place + 1]]
    margins[value] = (margins[value] ?? 0) - 1
    pairable -= 1
    if (sizes[pattern] !== 2) continue
    // The other value of a pair has nobody left to be compared with.
    const start = starts[pattern] ?? 0
    const other = codes[start] === value ? codes[(starts[pattern + 1] ?? 0) - 1] : codes[start]
    margins[other ?? 0] = (margins[other ?? 0] ?? 0) - 1
    pairable -= 1
  }
  const perPattern = agreement.within(margins)
  const disagreement = agreement.disagreement(margins)
  let within = all.within
  if (agreement.followsMargins) {
    within = 0
    for (const [pattern, count] of units.entries()) within += count * (perPattern[pattern] ?? 0)
  }
  for (let place = 0; place < theirs.length; place += 2) {
    const [pattern = 0, value = 0] = [theirs[place], theirs[place + 1]]
    within -= perPattern[pattern] ?? 0
    const size = sizes[pattern] ?? 0
    if (size === 2) continue
    const [start, end] = [starts[pattern] ?? 0, starts[pattern + 1] ?? 0]
    const left = { codes: codes.subarray(start, end), counts: counts.slice(start, end) }
    const at = left.codes.indexOf(value)
    left.counts[at] = (left.counts[at] ?? 0) - 1
    within += disagreement(left, 0, end - start) / (size - 2)
  }
  return { margins, pairable, within, overall: agreement.overall(margins) }
}

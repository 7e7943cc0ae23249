import { type Kappa, kappaFrom } from './cohen-kappa.ts'
import { parseList, parseWhole } from './parse.ts'
import { StatisticsError } from './statistics-error.ts'
import { sum } from './sum.ts'

/**
 * Fleiss' kappa of units that all have the same number of ratings, by whichever raters.
 *
 * Where the numbers differ use `krippendorffAlpha`, which also corrects for few units.
 *
 * Source: J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76 (1971), 378–382.
 *
 * @param counts per unit, per class: how many raters gave it; whole
 * @throws StatisticsError `invalid-argument` (also for units with other numbers of ratings than the first, or with one),
 * `length-mismatch` (units with other numbers of classes), `no-data` (no units)
 */
export function fleissKappa(counts: Iterable<Iterable<number>>): Kappa {
  const units = parseList(counts, 'counts').map((unit, index) =>
    parseList(unit, `counts[${index}]`).map((count, place) => parseWhole(count, `counts[${index}][${place}]`, 0)),
  )
  const [first] = units
  if (first === undefined) {
    throw new StatisticsError('no-data', 'counts has no units', 'Pass at least one unit')
  }
  const ratings = sum(first)
  if (ratings < 2) {
    throw new StatisticsError(
      'invalid-argument',
      `counts[0] has ${ratings} ratings`,
      'Pass units that at least two raters rated',
    )
  }
  for (const [index, unit] of units.entries()) {
    if (unit.length !== first.length) {
      throw new StatisticsError(
        'length-mismatch',
        `counts[${index}] has ${unit.length} classes, and counts[0] has ${first.length}`,
        'Pass one count per class for every unit',
      )
    }
    if (sum(unit) !== ratings) {
      throw new StatisticsError(
        'invalid-argument',
        `counts[${index}] has ${sum(unit)} ratings, and counts[0] has ${ratings}`,
        'Pass units with equally many ratings, or use krippendorffAlpha',
      )
    }
  }
  const pairs = ratings * (ratings - 1)
  const observed = sum(units, (unit) => (sum(unit, (count) => count * count) - ratings) / pairs) / units.length
  const shares = first.map((_, place) => sum(units, (unit) => unit[place] ?? 0) / (units.length * ratings))
  return kappaFrom(
    observed,
    sum(shares, (share) => share * share),
  )
}

import { invalid, parseList, parseNumbers } from './parse.ts'
import { StatisticsError } from './statistics-error.ts'
import { sum } from './sum.ts'

/** Agreement beyond chance, in which each rater keeps to their own shares of the classes. */
export interface Kappa {
  /** `undefined` where chance alone would agree always: everybody gave one and the same class. */
  readonly kappa: number | undefined
  /** Share of agreement that was seen. */
  readonly observed: number
  /** Share of agreement that chance would give. */
  readonly expected: number
}

export function kappaFrom(observed: number, expected: number): Kappa {
  return { kappa: expected === 1 ? undefined : (observed - expected) / (1 - expected), observed, expected }
}

/**
 * Cohen's kappa of two raters: (observed − expected) / (1 − expected).
 *
 * For more than two raters, missing ratings or ordered values use `krippendorffAlpha`.
 *
 * Source: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960),
 * 37–46.
 *
 * @param table square: rows classes of the one rater, columns classes of the other in the same order; counts from 0 on,
 * or shares
 * @throws StatisticsError `invalid-argument`, `length-mismatch` (not square), `no-data` (all counts 0)
 */
export function cohenKappa(table: Iterable<Iterable<number>>): Kappa {
  const rows = parseList(table, 'table').map((row, index) => parseNumbers(row, `table[${index}]`))
  for (const [index, row] of rows.entries()) {
    if (row.length !== rows.length) {
      throw new StatisticsError(
        'length-mismatch',
        `table[${index}] has ${row.length} columns, and there are ${rows.length} rows`,
        'Pass a square table, with a row and a column also for a class that one rater never gave',
      )
    }
    const negative = row.findIndex((count) => count < 0)
    if (negative !== -1) throw invalid(`table[${index}][${negative}]`, row[negative], 'Pass counts from 0 on')
  }
  const total = sum(rows, (row) => sum(row))
  if (total === 0) {
    throw new StatisticsError('no-data', 'table counts nothing', 'Pass at least one unit that both rated')
  }
  if (total === Infinity) throw invalid('The sum of table', total, 'Pass smaller counts')
  const shares = rows.map((row) => row.map((count) => count / total))
  // Not the sum of rounded shares: it is exactly 1 where the raters always agree.
  const observed = sum(rows.map((row, index) => row[index] ?? 0)) / total
  const expected = sum(shares.map((row, index) => sum(row) * sum(shares, (other) => other[index] ?? 0)))
  return kappaFrom(observed, expected)
}

import { invalid } from '../parse.ts'
import { isKey, type RatingKey } from '../ratings.ts'
import { StatisticsError } from '../statistics-error.ts'

/** What a consensus says of one unit. */
export interface ConsensusLabel {
  /** The most probable class; of several that are, the first in `classes`. */
  readonly label: RatingKey
  /** True where another class is as probable as the label, to 1e-9. */
  readonly tied: boolean
  /** The classes that are as probable as the label, and the label: one, or all that are tied. */
  readonly leaders: readonly RatingKey[]
  readonly probability: Readonly<Record<RatingKey, number>>
}

/** What the answers of several raters, taken together, say of each unit. The same for any order of the rows. */
export interface Consensus {
  /** Every value that was answered: numbers by size, then texts by their UTF-16 code units. */
  readonly classes: readonly RatingKey[]
  /** Every unit that was answered, in the same kind of order. */
  readonly units: readonly RatingKey[]
  /** Units × classes: probability of class `c` for unit `u` at `u * classes.length + c`. */
  readonly posterior: Float64Array
  /** @throws StatisticsError `unknown-unit` for one that nobody answered */
  readonly of: (unit: RatingKey) => ConsensusLabel
}

/** Nearer than this, probabilities differ by rounding. */
const TIE = 1e-9

/** Code of the first class that has the greatest of the values from `start` on, to `TIE`. */
export function leaderAt(values: Float64Array, start: number, count: number): number {
  let greatest = -Infinity
  for (let code = 0; code < count; code += 1) greatest = Math.max(greatest, values[start + code] ?? 0)
  for (let code = 0; code < count; code += 1) if ((values[start + code] ?? 0) >= greatest - TIE) return code
  return 0
}

/** Codes of all classes that have it. */
export function leadersAt(values: Float64Array, start: number, count: number): number[] {
  const least = (values[start + leaderAt(values, start, count)] ?? 0) - TIE
  const leaders: number[] = []
  for (let code = 0; code < count; code += 1) if ((values[start + code] ?? 0) >= least) leaders.push(code)
  return leaders
}

/** Index of each unit, from a map that is made when it is first asked. */
function unitIndex(units: readonly RatingKey[]): (unit: RatingKey) => number {
  let indexes: Map<RatingKey, number> | undefined
  return (unit) => {
    if (!isKey(unit)) throw invalid('unit', unit, 'Pass a text or a finite number')
    indexes ??= new Map(units.map((key, index) => [key, index]))
    const index = indexes.get(unit)
    if (index !== undefined) return index
    throw new StatisticsError(
      'unknown-unit',
      `Nobody answered unit ${JSON.stringify(unit)}`,
      'Ask for one of units, spelt and typed as in the rows',
    )
  }
}

/** @param leaders codes of the classes that lead, the label first */
export function consensusLabel(
  classes: readonly RatingKey[],
  leaders: readonly number[],
  posterior: Float64Array,
  start: number,
): ConsensusLabel {
  const names = leaders.map((code) => classes[code] ?? '')
  return {
    label: names[0] ?? '',
    tied: names.length > 1,
    leaders: names,
    probability: Object.fromEntries(classes.map((name, code) => [name, posterior[start + code] ?? 0])),
  }
}

/**
 * A consensus from its probabilities.
 *
 * @param leadersOf codes of the classes that lead for a unit, the label first; by default by the probabilities
 */
export function consensusOf(
  classes: readonly RatingKey[],
  units: readonly RatingKey[],
  posterior: Float64Array,
  leadersOf = (unit: number) => leadersAt(posterior, unit * classes.length, classes.length),
): Consensus {
  const indexOf = unitIndex(units)
  return {
    classes,
    units,
    posterior,
    of(unit) {
      const index = indexOf(unit)
      return consensusLabel(classes, leadersOf(index), posterior, index * classes.length)
    },
  }
}

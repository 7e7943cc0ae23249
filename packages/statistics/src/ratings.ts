import { KeyCodes } from './key-codes.ts'
import { invalid, parseList } from './parse.ts'
import { StatisticsError } from './statistics-error.ts'

/** Who or what a rating is by or about, and what it says. */
export type RatingKey = string | number

/** One answer: this rater gave this unit this value. */
export interface Rating {
  readonly unit: RatingKey
  readonly rater: RatingKey
  readonly value: RatingKey
}

/** Somebody who rated the same unit more than once. */
interface Repeat {
  readonly unit: RatingKey
  readonly rater: RatingKey
}

/** Fields of `Ratings`; each array of codes has one entry per rating. */
interface RatingColumns {
  readonly units: readonly RatingKey[]
  readonly raters: readonly RatingKey[]
  readonly values: readonly RatingKey[]
  readonly unitStarts: Int32Array
  readonly raterCodes: Int32Array
  readonly valueCodes: Int32Array
  readonly repeat: Repeat | undefined
}

/** Ratings in columns, grouped by unit. Made by `ratingsFrom`, read only, and good for any number of statistics. */
export class Ratings {
  /** In the order in which they first came. */
  readonly units: readonly RatingKey[]
  /** In the order in which they first came. */
  readonly raters: readonly RatingKey[]
  /** The distinct values, whatever order they came in: numbers by size, then texts by their UTF-16 code units. */
  readonly values: readonly RatingKey[]
  /** Ratings of unit `u` are those from `unitStarts[u]` up to before `unitStarts[u + 1]`. */
  readonly unitStarts: Int32Array
  /** Per rating, in order of units and within a unit in the order of the rows: index in `raters`. */
  readonly raterCodes: Int32Array
  /** Per rating: index in `values`. */
  readonly valueCodes: Int32Array
  /** The first rater who rated a unit more than once, with that unit; `undefined` where nobody did. */
  readonly repeat: Repeat | undefined

  constructor({ units, raters, values, unitStarts, raterCodes, valueCodes, repeat }: RatingColumns) {
    this.units = units
    this.raters = raters
    this.values = values
    this.unitStarts = unitStarts
    this.raterCodes = raterCodes
    this.valueCodes = valueCodes
    this.repeat = repeat
  }

  /** Number of ratings. */
  get size(): number {
    return this.valueCodes.length
  }
}

/** What every statistic of ratings takes. Pass `Ratings` where several are asked of the same rows. */
export type RatingsInput = Ratings | Iterable<Rating>

/** A text or a finite number. */
export function isKey(key: unknown): key is RatingKey {
  return typeof key === 'string' || Number.isFinite(key)
}

/** Numbers by size, then texts by their UTF-16 code units. */
export function compareKeys(a: RatingKey, b: RatingKey): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : 1
}

/** Where the ratings of each unit start, and whether the rows came grouped by unit. */
function groupStarts(unitCodes: Int32Array, units: number): { unitStarts: Int32Array; grouped: boolean } {
  const unitStarts = new Int32Array(units + 1)
  let [grouped, last] = [true, 0]
  for (const unit of unitCodes) {
    unitStarts[unit + 1] = (unitStarts[unit + 1] ?? 0) + 1
    // Units have their codes in the order in which they came.
    if (unit < last) grouped = false
    last = unit
  }
  for (let unit = 0; unit < units; unit += 1) {
    unitStarts[unit + 1] = (unitStarts[unit + 1] ?? 0) + (unitStarts[unit] ?? 0)
  }
  return { unitStarts, grouped }
}

/** Moves a column that has an entry per row to the order of the units, in the order of the rows within a unit. */
function groupColumn(column: Int32Array, unitCodes: Int32Array, unitStarts: Int32Array): Int32Array {
  const next = unitStarts.slice()
  const result = new Int32Array(column.length)
  for (let row = 0; row < column.length; row += 1) {
    const unit = unitCodes[row] ?? 0
    const place = next[unit] ?? 0
    result[place] = column[row] ?? 0
    next[unit] = place + 1
  }
  return result
}

function firstRepeat(columns: Omit<RatingColumns, 'values' | 'valueCodes' | 'repeat'>): Repeat | undefined {
  const { units, raters, unitStarts, raterCodes } = columns
  const lastUnit = new Int32Array(raters.length).fill(-1)
  for (let unit = 0; unit < units.length; unit += 1) {
    const end = unitStarts[unit + 1] ?? 0
    for (let place = unitStarts[unit] ?? 0; place < end; place += 1) {
      const rater = raterCodes[place] ?? 0
      if (lastUnit[rater] === unit) return { unit: units[unit] ?? '', rater: raters[rater] ?? '' }
      lastUnit[rater] = unit
    }
  }
  return undefined
}

/**
 * Ratings in columns, made once for any number of statistics: O(rows) time, 12 bytes a rating.
 *
 * A unit that nobody rated and a rater who rated nothing have no row. A missing answer has no row either: `undefined`,
 * `null` and `NaN` are refused, not skipped. A rater may rate a unit again: consensus takes it for one more answer, as
 * Dawid and Skene did, and agreement refuses it. 1 and '1' in one column are refused; other mixtures of types are not.
 *
 * @param rows `{ unit, rater, value }`, each a text or a finite number, in any order
 * @throws StatisticsError `invalid-argument` (with the index of the row)
 */
export function ratingsFrom(rows: Iterable<Rating>): Ratings {
  const list = parseList(rows, 'The ratings')
  const [units, raters, values] = [new KeyCodes('unit'), new KeyCodes('rater'), new KeyCodes('value')]
  const unitCodes = new Int32Array(list.length)
  const raterOfRow = new Int32Array(list.length)
  const valueOfRow = new Int32Array(list.length)
  for (let row = 0; row < list.length; row += 1) {
    const rating = list[row]
    if (typeof rating !== 'object' || rating === null) {
      throw invalid(`rows[${row}]`, rating, 'Pass objects with unit, rater and value')
    }
    unitCodes[row] = units.of(rating.unit, row)
    raterOfRow[row] = raters.of(rating.rater, row)
    valueOfRow[row] = values.of(rating.value, row)
  }
  for (const codes of [units, raters, values]) codes.checkSpelling()

  const sorted = values.keys.toSorted(compareKeys)
  const places = new Map(sorted.map((value, place) => [value, place]))
  const placeOf = Int32Array.from(values.keys, (value) => places.get(value) ?? 0)
  for (let row = 0; row < list.length; row += 1) valueOfRow[row] = placeOf[valueOfRow[row] ?? 0] ?? 0
  const { unitStarts, grouped } = groupStarts(unitCodes, units.keys.length)
  const inOrder = (column: Int32Array) => (grouped ? column : groupColumn(column, unitCodes, unitStarts))
  const [raterCodes, valueCodes] = [inOrder(raterOfRow), inOrder(valueOfRow)]
  const columns = { units: units.keys, raters: raters.keys, unitStarts, raterCodes }
  return new Ratings({ ...columns, values: sorted, valueCodes, repeat: firstRepeat(columns) })
}

/** The answers that a consensus was given, in columns; a rater may have answered a unit more than once. */
export function parseAnswers(ratings: RatingsInput): Ratings {
  return ratings instanceof Ratings ? ratings : ratingsFrom(ratings)
}

/**
 * The ratings that a statistic of agreement was given, in columns, one of each rater for each unit. A second one is
 * refused also when it says the same, because which one counts is for the caller to decide, and counting both takes a
 * rater's agreement with themselves for agreement between raters.
 *
 * @throws StatisticsError `duplicate-rating` (with the unit and the rater), and what `ratingsFrom` throws
 */
export function parseRatings(ratings: RatingsInput): Ratings {
  const parsed = parseAnswers(ratings)
  if (parsed.repeat === undefined) return parsed
  throw new StatisticsError(
    'duplicate-rating',
    `Rater ${JSON.stringify(parsed.repeat.rater)} rated unit ${JSON.stringify(parsed.repeat.unit)} more than once`,
    'Pass one rating of each rater for each unit, such as the last, and ask a rater who repeats under another name',
  )
}

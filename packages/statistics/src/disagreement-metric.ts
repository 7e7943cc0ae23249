import { invalid, parseList } from './parse.ts'
import type { RatingKey } from './ratings.ts'
import { StatisticsError } from './statistics-error.ts'

/** What the distance of two values means; see `krippendorffAlpha`. */
export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval' | 'ratio'

const LEVELS: readonly string[] = ['nominal', 'ordinal', 'interval', 'ratio'] satisfies MeasurementLevel[]

/** Some values and how often each occurs; entries from `start` up to before `end`. */
export interface ValueCounts {
  /** Codes, each at most once. */
  readonly codes: Int32Array
  readonly counts: Int32Array | Float64Array
}

/** Σ n_c · n_k · δ²(c, k) over all ordered pairs of values: of one unit, or of all pairable values. */
export type Disagreement = (values: ValueCounts, start: number, end: number) => number

/** A level of measurement on the values of some ratings. */
export interface DisagreementMetric {
  /** True where the distances depend on how often each value occurs. */
  readonly followsMargins: boolean
  /** Factor that takes a disagreement to the unit of the definition. */
  readonly scale: number
  /** The distances when each value, by code, occurs this often among the pairable ones. */
  given(margins: Float64Array): Disagreement
}

/** δ² is 1 for different values: (Σ n_c)² − Σ n_c². */
function nominalDisagreement({ counts }: ValueCounts, start: number, end: number): number {
  let total = 0
  let squares = 0
  for (let place = start; place < end; place += 1) {
    const count = counts[place] ?? 0
    total += count
    squares += count * count
  }
  return total * total - squares
}

/**
 * δ² is a squared distance of positions: 2 Σ n_c · Σ n_c (x_c − x̄)². Positions are counted from the first one, so that
 * equal ones give exactly 0, and from their mean, so that nothing cancels out.
 */
function squaredDistances(positions: Float64Array): Disagreement {
  return ({ codes, counts }, start, end) => {
    let total = 0
    let sum = 0
    let origin = 0
    for (let place = start; place < end; place += 1) {
      const count = counts[place] ?? 0
      const position = positions[codes[place] ?? 0] ?? 0
      if (total === 0) origin = position
      total += count
      sum += count * (position - origin)
    }
    if (total === 0) return 0
    const mean = sum / total
    let squares = 0
    for (let place = start; place < end; place += 1) {
      squares += (counts[place] ?? 0) * ((positions[codes[place] ?? 0] ?? 0) - origin - mean) ** 2
    }
    return 2 * total * squares
  }
}

/** δ² is ((c − k) / (c + k))², which no sum over single values gives: all pairs of distinct ones. */
function squaredRatios(numbers: Float64Array): Disagreement {
  return ({ codes, counts }, start, end) => {
    let sum = 0
    for (let place = start; place < end; place += 1) {
      const count = counts[place] ?? 0
      if (count === 0) continue
      const value = numbers[codes[place] ?? 0] ?? 0
      let others = 0
      for (let other = place + 1; other < end; other += 1) {
        const otherValue = numbers[codes[other] ?? 0] ?? 0
        others += (counts[other] ?? 0) * ((value - otherValue) / (value + otherValue)) ** 2
      }
      sum += count * others
    }
    return 2 * sum
  }
}

/**
 * Rank of each value: how many pairable values are below it, and half of those that are equal. The ordinal δ² is the
 * squared distance of these ranks: all of the values between, and half of the two at the ends.
 */
function midRanks(margins: Float64Array, order: readonly number[]): Float64Array {
  const ranks = new Float64Array(margins.length)
  let below = 0
  for (const code of order) {
    const count = margins[code] ?? 0
    ranks[code] = below + count / 2
    below += count
  }
  return ranks
}

function parseNumericValues(values: readonly RatingKey[], level: MeasurementLevel): Float64Array {
  const text = values.find((value) => typeof value === 'string')
  if (text !== undefined) {
    throw invalid('A value', text, `Pass numbers for the ${level} level, or ask for the nominal or ordinal one`)
  }
  const numbers = Float64Array.from(values, Number)
  const large = numbers.find((value) => Math.abs(value) > 1e150)
  if (large !== undefined) throw invalid('A value', large, 'Pass values up to 1e150, in a larger unit')
  return numbers
}

/** Codes of the values from low to high. Without `order`, numbers have one of their own, and texts have none. */
function parseOrder(values: readonly RatingKey[], order: Iterable<RatingKey> | undefined): readonly number[] {
  if (order === undefined) {
    const text = values.find((value) => typeof value === 'string')
    if (text === undefined) return values.map((_, code) => code)
    throw invalid('A value', text, 'Pass order, all values from low to high, as texts have no order of their own')
  }
  const list = parseList(order, 'order')
  const places = new Map(list.map((value, place) => [value, place]))
  if (places.size !== list.length) throw invalid('order', list, 'Pass every value once, from low to high')
  const missing = values.find((value) => !places.has(value))
  if (missing !== undefined) {
    throw new StatisticsError(
      'invalid-argument',
      `order does not have the value ${JSON.stringify(missing)}`,
      'Pass all values from low to high, of the same type as in the ratings',
    )
  }
  return values
    .map((_, code) => code)
    .sort((a, b) => (places.get(values[a] ?? '') ?? 0) - (places.get(values[b] ?? '') ?? 0))
}

/** @throws StatisticsError `invalid-argument` for a level that is none, or that these values do not have */
export function disagreementMetric(
  values: readonly RatingKey[],
  level: MeasurementLevel | undefined,
  order: Iterable<RatingKey> | undefined,
): DisagreementMetric {
  switch (level) {
    case 'nominal':
      return { followsMargins: false, scale: 1, given: () => nominalDisagreement }
    case 'ordinal': {
      const sequence = parseOrder(values, order)
      return { followsMargins: true, scale: 1, given: (margins) => squaredDistances(midRanks(margins, sequence)) }
    }
    case 'interval': {
      const numbers = parseNumericValues(values, level)
      const [least = 0] = numbers
      const range = (numbers.at(-1) ?? 0) - least || 1
      // From 0 to 1, so that no square is too small or too large for a number.
      const disagreement = squaredDistances(numbers.map((value) => (value - least) / range))
      return { followsMargins: false, scale: range * range, given: () => disagreement }
    }
    case 'ratio': {
      const numbers = parseNumericValues(values, level)
      const negative = numbers.find((value) => value < 0)
      if (negative !== undefined) {
        throw invalid('A value', negative, 'Pass values from 0 on for the ratio level, or ask for the interval one')
      }
      const disagreement = squaredRatios(numbers)
      return { followsMargins: false, scale: 1, given: () => disagreement }
    }
    default:
      throw invalid('level', level, `Pass one of ${LEVELS.join(', ')}`)
  }
}

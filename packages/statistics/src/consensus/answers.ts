import { compareKeys, parseAnswers, type RatingKey, type RatingsInput } from '../ratings.ts'

/**
 * Ratings in an order that does not depend on the order of the rows: units, raters and classes by `compareKeys`, and the
 * answers of a unit by rater, then by class. Sums of the same answers are then the same to the last bit.
 */
export interface Answers {
  readonly units: readonly RatingKey[]
  readonly raters: readonly RatingKey[]
  readonly classes: readonly RatingKey[]
  /** Answers for unit `u` are those from `starts[u]` up to before `starts[u + 1]`. */
  readonly starts: Int32Array
  /** Per answer: index in `raters`. */
  readonly raterCodes: Int32Array
  /** Per answer: index in `classes`. */
  readonly classCodes: Int32Array
}

/** Units of more answers than this are sorted by the engine; for few, setting it up costs more than it saves. */
const FEW = 24

/** The keys in their order, and per key, as they came, its place there. */
function ranked(keys: readonly RatingKey[]): { order: number[]; rankOf: Int32Array } {
  const order = keys.map((_, index) => index).sort((a, b) => compareKeys(keys[a] ?? '', keys[b] ?? ''))
  const rankOf = new Int32Array(keys.length)
  for (let rank = 0; rank < order.length; rank += 1) rankOf[order[rank] ?? 0] = rank
  return { order, rankOf }
}

/** Sorts a part of the array in place. */
function sortPart(codes: Float64Array, start: number, end: number): void {
  if (end - start > FEW) {
    codes.subarray(start, end).sort()
    return
  }
  for (let place = start + 1; place < end; place += 1) {
    const code = codes[place] ?? 0
    let hole = place
    while (hole > start && (codes[hole - 1] ?? 0) > code) {
      codes[hole] = codes[hole - 1] ?? 0
      hole -= 1
    }
    codes[hole] = code
  }
}

/** @throws StatisticsError what `ratingsFrom` throws */
export function answersFrom(input: RatingsInput): Answers {
  const { units, raters, values, unitStarts, raterCodes, valueCodes, size } = parseAnswers(input)
  const unitOrder = ranked(units).order
  const { order: raterOrder, rankOf } = ranked(raters)
  const starts = new Int32Array(units.length + 1)
  const codes = new Float64Array(size)
  let next = 0
  for (let unit = 0; unit < units.length; unit += 1) {
    const source = unitOrder[unit] ?? 0
    const end = unitStarts[source + 1] ?? 0
    for (let place = unitStarts[source] ?? 0; place < end; place += 1) {
      codes[next] = (rankOf[raterCodes[place] ?? 0] ?? 0) * values.length + (valueCodes[place] ?? 0)
      next += 1
    }
    sortPart(codes, starts[unit] ?? 0, next)
    starts[unit + 1] = next
  }
  const sortedRaters = new Int32Array(size)
  const sortedClasses = new Int32Array(size)
  for (let place = 0; place < size; place += 1) {
    const code = codes[place] ?? 0
    const rater = Math.floor(code / values.length)
    sortedRaters[place] = rater
    sortedClasses[place] = code - rater * values.length
  }
  return {
    units: unitOrder.map((index) => units[index] ?? ''),
    raters: raterOrder.map((index) => raters[index] ?? ''),
    classes: values,
    starts,
    raterCodes: sortedRaters,
    classCodes: sortedClasses,
  }
}

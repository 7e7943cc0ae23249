import type { ValueCounts } from './disagreement-metric.ts'
import type { Ratings } from './ratings.ts'

/**
 * The different multisets of values that units have, of the units with at least two ratings. All that agreement knows
 * of a unit is its pattern, and there are few: 100,000 units of five ratings in five classes have at most 126.
 */
export interface UnitPatterns extends ValueCounts {
  /** Values of pattern `p` are the entries of `codes` and `counts` from `starts[p]` up to before `starts[p + 1]`. */
  readonly starts: Int32Array
  /** Per pattern: ratings of a unit. */
  readonly sizes: Int32Array
  /** Per pattern: units that have it. */
  readonly units: Int32Array
  /** Per unit of the ratings: its pattern; −1 for a unit with less than two ratings. */
  readonly patternOf: Int32Array
}

/** The codes of each unit in ascending order, so that equal multisets are equal lists. */
function sortedWithinUnits({ units, unitStarts, valueCodes }: Ratings): Int32Array {
  const sorted = valueCodes.slice()
  for (let unit = 0; unit < units.length; unit += 1) {
    const start = unitStarts[unit] ?? 0
    const end = unitStarts[unit + 1] ?? 0
    if (end - start > 16) {
      sorted.subarray(start, end).sort()
      continue
    }
    for (let place = start + 1; place < end; place += 1) {
      const code = sorted[place] ?? 0
      let hole = place
      while (hole > start && (sorted[hole - 1] ?? 0) > code) {
        sorted[hole] = sorted[hole - 1] ?? 0
        hole -= 1
      }
      sorted[hole] = code
    }
  }
  return sorted
}

function hashOf(codes: Int32Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let place = start; place < end; place += 1) {
    hash = Math.imul(hash ^ (codes[place] ?? 0), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash
}

function sameCodes(codes: Int32Array, start: number, other: number, length: number): boolean {
  for (let place = 0; place < length; place += 1) {
    if (codes[start + place] !== codes[other + place]) return false
  }
  return true
}

/** Per unit its pattern, and per pattern the first unit that has it. A hash table with open addresses. */
function matchUnits(
  { units, unitStarts }: Ratings,
  sorted: Int32Array,
): { patternOf: Int32Array; firstUnits: number[] } {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * units.length + 2))).fill(-1)
  const patternOf = new Int32Array(units.length).fill(-1)
  const firstUnits: number[] = []
  for (let unit = 0; unit < units.length; unit += 1) {
    const start = unitStarts[unit] ?? 0
    const length = (unitStarts[unit + 1] ?? 0) - start
    if (length < 2) continue
    let slot = hashOf(sorted, start, start + length) & (slots.length - 1)
    for (;;) {
      const pattern = slots[slot] ?? -1
      if (pattern === -1) {
        patternOf[unit] = slots[slot] = firstUnits.push(unit) - 1
        break
      }
      const first = firstUnits[pattern] ?? 0
      const firstStart = unitStarts[first] ?? 0
      if ((unitStarts[first + 1] ?? 0) - firstStart === length && sameCodes(sorted, start, firstStart, length)) {
        patternOf[unit] = pattern
        break
      }
      slot = (slot + 1) & (slots.length - 1)
    }
  }
  return { patternOf, firstUnits }
}

/** O(ratings), for units of any size. */
export function unitPatterns(ratings: Ratings): UnitPatterns {
  const sorted = sortedWithinUnits(ratings)
  const { patternOf, firstUnits } = matchUnits(ratings, sorted)
  const units = new Int32Array(firstUnits.length)
  for (const pattern of patternOf) if (pattern !== -1) units[pattern] = (units[pattern] ?? 0) + 1
  const starts = new Int32Array(firstUnits.length + 1)
  const sizes = new Int32Array(firstUnits.length)
  const codes: number[] = []
  const counts: number[] = []
  for (const [pattern, unit] of firstUnits.entries()) {
    const end = ratings.unitStarts[unit + 1] ?? 0
    const start = ratings.unitStarts[unit] ?? 0
    sizes[pattern] = end - start
    for (let place = start; place < end; place += 1) {
      if (place === start || sorted[place] !== sorted[place - 1]) {
        codes.push(sorted[place] ?? 0)
        counts.push(0)
      }
      counts[counts.length - 1] = (counts.at(-1) ?? 0) + 1
    }
    starts[pattern + 1] = codes.length
  }
  return { starts, sizes, units, patternOf, codes: Int32Array.from(codes), counts: Int32Array.from(counts) }
}

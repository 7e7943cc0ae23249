import { StatisticsError } from './statistics-error.ts'
import { sum } from './sum.ts'

const DEFAULT_LEVEL = 0.95

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  if (value === null || ['undefined', 'number', 'boolean', 'bigint'].includes(typeof value)) return String(value)
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}

/** The error for one argument that is not what it has to be. */
export function invalid(name: string, value: unknown, nextStep: string): StatisticsError {
  return new StatisticsError('invalid-argument', `${name} is ${shown(value)}`, nextStep)
}

/** Options as an object, also when they were left out. */
export function parseOptions<T extends object>(options: T | undefined): Partial<T> {
  if (options === undefined) return {}
  if (typeof options !== 'object' || options === null)
    throw invalid('The options', options, 'Pass an object, or nothing')
  return options
}

/** Level of an interval, 0.95 by default. */
export function parseLevel(level: number | undefined): number {
  if (level === undefined) return DEFAULT_LEVEL
  if (!(typeof level === 'number' && level > 0 && level < 1)) {
    throw invalid('level', level, 'Pass a number between 0 and 1, such as 0.95')
  }
  return level
}

/** A propensity: a probability that is not 0. */
export function parsePropensity(value: number, name: string): number {
  if (!(typeof value === 'number' && value > 0 && value <= 1)) {
    throw invalid(name, value, 'Pass the probability that was logged with the choice, above 0 and at most 1')
  }
  return value
}

export function parseBoolean(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw invalid(name, value, 'Pass true or false')
  return value
}

/** A whole number from `least` on. */
export function parseWhole(value: number, name: string, least: number): number {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw invalid(name, value, `Pass a whole number from ${least} on`)
  }
  return value
}

/** A list of anything iterable. */
export function parseList<T>(values: Iterable<T>, name: string): readonly T[] {
  const iterable = values !== null && typeof values === 'object' && Symbol.iterator in values
  if (!iterable) throw invalid(name, values, 'Pass an array or another iterable')
  return Array.isArray(values) ? values : Array.from(values)
}

/** A list of finite numbers. */
export function parseNumbers(values: Iterable<number>, name: string): readonly number[] {
  const list = parseList(values, name)
  for (const [index, value] of list.entries()) {
    if (!Number.isFinite(value))
      throw invalid(`${name}[${index}]`, value, 'Pass finite numbers, and leave out units without one')
  }
  return list
}

/** Counts of a histogram: finite, not negative, not all 0; weighted counts need not be whole. */
export function parseCounts(counts: Iterable<number>, name: string): readonly number[] {
  const list = parseNumbers(counts, name)
  const negative = list.findIndex((count) => count < 0)
  if (negative !== -1) throw invalid(`${name}[${negative}]`, list[negative], 'Pass counts from 0 on')
  const total = sum(list)
  if (total === Infinity) throw invalid(`The sum of ${name}`, total, 'Pass smaller counts')
  if (total === 0) {
    throw new StatisticsError('no-data', `${name} counts nothing`, 'Pass at least one count above 0, or wait for data')
  }
  return list
}

/** Two lists about the same units. */
export function checkSameLength(a: readonly unknown[], nameA: string, b: readonly unknown[], nameB: string): void {
  if (a.length === b.length) return
  throw new StatisticsError(
    'length-mismatch',
    `${nameA} has ${a.length} entries and ${nameB} has ${b.length}`,
    'Pass one entry per unit or bin in both, in the same order',
  )
}

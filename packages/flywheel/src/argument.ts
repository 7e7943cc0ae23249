import { GroundtraceError, isName, quote } from '@groundtrace/core'

/** The error for an argument that can't be used. */
export function refusal(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-argument', cause, nextStep)
}

/** The options as an object, also when they were left out. @throws GroundtraceError `invalid-argument` */
export function optionsOf<T extends object>(options: T, name: string): T {
  if (typeof options !== 'object' || options === null) {
    throw refusal(`${name} is ${quote(options)}`, `Pass an object of type ${name}`)
  }
  return options
}

/** Anything iterable as a list. @throws GroundtraceError `invalid-argument` */
export function listOf<T>(values: Iterable<T>, name: string): readonly T[] {
  if (typeof values !== 'object' || values === null || !(Symbol.iterator in values)) {
    throw refusal(`${name} is ${quote(values)}, not a list`, `Pass ${name} as an array or another iterable`)
  }
  return [...values]
}

/** A whole number from `least` on. @throws GroundtraceError `invalid-argument` */
export function wholeFrom(least: number, value: number, name: string): number {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw refusal(`${name} is ${quote(value)}`, `Pass a whole number from ${least} on`)
  }
  return value
}

/** A number within [low, high]; the ends count where `open` is not set. @throws GroundtraceError `invalid-argument` */
export function numberIn(
  [low, high]: readonly [number, number],
  value: number,
  name: string,
  options: { readonly open?: boolean } = {},
): number {
  const inside = options.open === true ? value > low && value < high : value >= low && value <= high
  if (typeof value !== 'number' || !inside) {
    const range = options.open === true ? `above ${low} and below ${high}` : `from ${low} to ${high}`
    throw refusal(`${name} is ${quote(value)}`, `Pass a number ${range}`)
  }
  return value
}

/** The ends of an interval of a share. @throws GroundtraceError `invalid-argument` */
export function shareInterval(interval: readonly [low: number, high: number], name: string): void {
  const [low, high] = listOf(interval, name) as readonly [number, number]
  if (!(low >= 0 && low <= high && high <= 1)) {
    throw refusal(`The ${name} runs from ${quote(low)} to ${quote(high)}`, 'Pass [low, high], both from 0 to 1')
  }
}

/** A bounded word, as models, versions, tasks and data sets are called. @throws GroundtraceError `invalid-argument` */
export function nameOf(value: string, name: string): string {
  if (!isName(value)) {
    throw refusal(
      `${name} ${quote(value)} is not a bounded word`,
      'Use 1 to 64 letters, digits, dots, hyphens or underscores',
    )
  }
  return value
}

/** A function, where one is needed. @throws GroundtraceError `invalid-argument` */
export function functionOf<F>(value: F, name: string): F {
  if (typeof value !== 'function') throw refusal(`${name} is ${quote(value)}`, `Pass ${name} as a function`)
  return value
}

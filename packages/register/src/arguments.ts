import {
  GroundtraceError,
  isKey,
  LEDGERS,
  MAX_KEY_LENGTH,
  quote,
  trackingId,
  type Ledger,
  type TrackingId,
} from '@groundtrace/core'

export function invalidArgument(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-argument', cause, nextStep)
}

/** A whole number from `least`. @throws GroundtraceError `invalid-argument` */
export function wholeNumber(value: unknown, name: string, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number
  throw invalidArgument(`${name} ${quote(value)} is not a whole number from ${least}`, `Pass ${name} as a whole number`)
}

/** A text that is not empty. @throws GroundtraceError `invalid-argument` */
export function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalidArgument(`${name} is ${quote(value)}, not a name`, `Pass ${name} as a text`)
}

/** @throws GroundtraceError `invalid-argument` */
export function finite(value: unknown, name: string, unit: string): number {
  if (Number.isFinite(value)) return value as number
  throw invalidArgument(`${name} ${quote(value)} is no number`, `Pass ${unit}`)
}

/** Milliseconds to wait. @throws GroundtraceError `invalid-argument` */
export function duration(value: unknown, name: string): number {
  if (Number.isFinite(value) && (value as number) >= 0) return value as number
  throw invalidArgument(`${name} ${quote(value)} is no duration`, `Pass ${name} in milliseconds, from 0`)
}

/** What tells milliseconds since 1970. @throws GroundtraceError `invalid-argument` */
export function clock(now: () => number): () => number {
  if (typeof now === 'function') return now
  throw invalidArgument(`now ${quote(now)} is no clock`, 'Pass a function like Date.now')
}

/** What a clock tells. @throws GroundtraceError `invalid-argument` when that is no time */
export function told(now: () => number): number {
  const time: unknown = now()
  if (Number.isFinite(time)) return time as number
  throw invalidArgument(
    `The clock of the register says ${quote(time)}`,
    'Pass a clock that tells milliseconds since 1970',
  )
}

/** The list; holes in it are things that are none, which `map` would pass over. @throws GroundtraceError `invalid-argument` */
export function list<T>(value: readonly T[], name: string): readonly T[] {
  if (Array.isArray(value)) return Array.from<T>(value)
  throw invalidArgument(`${name} is ${quote(value)}, not an array`, 'Pass an array, also for one')
}

/** @throws GroundtraceError `invalid-argument` */
export function ledgerName<L extends Ledger>(ledger: L): L {
  if (LEDGERS.includes(ledger)) return ledger
  throw invalidArgument(`Ledger ${quote(ledger)} is unknown`, `Use one of ${LEDGERS.join(', ')}`)
}

/** @throws GroundtraceError `invalid-tracking-id` */
export function ids(values: readonly TrackingId[], name: string): readonly TrackingId[] {
  return list(values, name).map((id) => trackingId(id))
}

/** What names a person. What is none may be personal all the same, and is not repeated. @throws GroundtraceError `invalid-argument` */
export function pseudonym(value: unknown): string {
  if (isKey(value)) return value
  throw invalidArgument(
    `user (${quote(typeof value)}) is no pseudonym`,
    `Pass a text of 1 to ${MAX_KEY_LENGTH} characters, as lines name it`,
  )
}

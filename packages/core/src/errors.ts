/** What can be wrong with what came in. Stable: programs switch on these, people read the message. */
export const ERROR_CODES = [
  'invalid-tracking-id',
  'invalid-task',
  'invalid-prediction',
  'invalid-feedback',
  'invalid-outcome',
  'invalid-lineage',
  'invalid-event',
  'invalid-argument',
  'register-unavailable',
  'register-closed',
  'register-incompatible',
  'outbox-busy',
  'outbox-unavailable',
  'outbox-incompatible',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

const BRAND = Symbol.for('groundtrace.error')

/** The one error class of the core and of the packages that speak its language. The message gives the cause and the next step. */
export class GroundtraceError extends Error {
  override readonly name = 'GroundtraceError'
  readonly code: ErrorCode
  readonly [BRAND] = true

  /**
   * @param cause what is wrong, in words, with the offending value where it is safe to show
   * @param nextStep what to do about it
   */
  constructor(code: ErrorCode, cause: string, nextStep: string, options?: ErrorOptions) {
    super(`${cause}. ${nextStep}.`, options)
    this.code = code
  }

  /** True for an error of this class, also when it was made by another copy of this package. Never throws, whatever it is given. */
  static isInstance(error: unknown): error is GroundtraceError {
    try {
      return typeof error === 'object' && error !== null && BRAND in error
    } catch {
      return false
    }
  }
}

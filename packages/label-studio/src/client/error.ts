/** What can go wrong between the client and a Label Studio server. Stable: programs switch on these. */
export const LABEL_STUDIO_ERROR_CODES = [
  /** An argument of the caller's. Nothing was sent. */
  'invalid-argument',
  /** No connection, or it broke, or the server was starting or stopping (502, 503, 504). */
  'unavailable',
  /** No answer in time. */
  'timeout',
  /** The token is none, is no longer one, or is of a kind that the server does not take (401). */
  'unauthorized',
  /** The owner of the token may not do this (403). */
  'forbidden',
  /** There is no such thing, or not for the owner of the token (404). */
  'not-found',
  /** The server refused what was sent (another 4xx). */
  'rejected',
  /** The server broke (another 5xx). */
  'server-error',
  /** The answer is not what the server answers. */
  'invalid-answer',
] as const

export type LabelStudioErrorCode = (typeof LABEL_STUDIO_ERROR_CODES)[number]

/** What is known of a failed request besides its message. */
export interface LabelStudioFailure {
  /** HTTP status, if there was an answer. */
  readonly status?: number
  /** The server said that it will not carry the request out, and did not. Default false. */
  readonly refused?: boolean
  readonly cause?: unknown
}

const BRAND = Symbol.for('groundtrace.label-studio-error')

/** The one error class of the client. The message gives the cause and the next step, and never a token. */
export class LabelStudioError extends Error {
  override readonly name = 'LabelStudioError'
  readonly code: LabelStudioErrorCode
  readonly status: number | undefined
  /** The server said that it will not carry the request out, and did not. When false, a write may have been carried out. */
  readonly refused: boolean
  readonly [BRAND] = true

  /**
   * @param cause what is wrong, in words, with the offending value where it is safe to show
   * @param nextStep what to do about it
   */
  constructor(code: LabelStudioErrorCode, cause: string, nextStep: string, failure: LabelStudioFailure = {}) {
    super(`${cause}. ${nextStep}.`, failure.cause === undefined ? undefined : { cause: failure.cause })
    this.code = code
    this.status = failure.status
    this.refused = failure.refused === true
  }

  /** True for an error of this class, also when it was made by another copy of this package. Never throws. */
  static isInstance(error: unknown): error is LabelStudioError {
    try {
      return typeof error === 'object' && error !== null && BRAND in error
    } catch {
      return false
    }
  }
}

import { GroundtraceError, type ErrorCode } from '@groundtrace/core'

interface Matcher {
  asymmetricMatch(error: unknown): boolean
  toString(): string
}

/**
 * For `expect(call).toThrow(…)`: matches a GroundtraceError of this code whose message has a cause, which matches, and a
 * next step.
 */
export function refusal(code: ErrorCode, cause: RegExp = /./): Matcher {
  return {
    asymmetricMatch: (error) =>
      error instanceof GroundtraceError &&
      error.code === code &&
      cause.test(error.message) &&
      /^\S.*[^.]\. [A-Z].*[^.]\.$/s.test(error.message),
    toString: () => `refusal(${code}, ${cause})`,
  }
}

/** What a call throws that is no GroundtraceError: a slip of the language, which no user should meet. */
export function rawErrorOf(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error instanceof GroundtraceError ? undefined : error
  }
  return undefined
}

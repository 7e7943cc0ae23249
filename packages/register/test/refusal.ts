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

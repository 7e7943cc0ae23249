import { StatisticsError, type StatisticsErrorCode } from '@groundtrace/statistics'

interface Matcher {
  asymmetricMatch(error: unknown): boolean
  toString(): string
}

/**
 * For `expect(call).toThrow(…)`: matches a StatisticsError of this code whose message has a cause, which matches, and a
 * next step.
 */
export function refusal(code: StatisticsErrorCode, cause: RegExp = /./): Matcher {
  return {
    asymmetricMatch: (error) =>
      error instanceof StatisticsError &&
      error.code === code &&
      cause.test(error.message) &&
      /^\S.*[^.]\. [A-Z].*[^.]\.$/s.test(error.message),
    toString: () => `refusal(${code}, ${cause})`,
  }
}

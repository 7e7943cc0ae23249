import { GroundtraceError } from '@groundtrace/core'

/**
 * The result of some work, or an error when it takes too long. The work itself goes on.
 * @throws GroundtraceError `register-unavailable` at the deadline
 */
export async function withinDeadline<T>(work: Promise<T>, seconds: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(
      new GroundtraceError(
        'register-unavailable',
        `The register did not answer within ${seconds} seconds`,
        'See whether its store is overloaded or locked; the next scrape asks again',
      ),
    )
  }, seconds * 1000)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

import type { Timers } from '../timers.ts'

/**
 * The result of the work, or a refusal when it takes too long; the work goes on all the same.
 * @throws what the work threw, or `late()`
 */
export async function within<T>(work: Promise<T>, milliseconds: number, timers: Timers, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const clock = timers.setTimeout(() => reject(late()), milliseconds)
  try {
    return await Promise.race([work, promise])
  } finally {
    timers.clearTimeout(clock)
    // Nobody waits for it any longer, and a rejection that nobody hears would end the process.
    work.catch(() => undefined)
  }
}

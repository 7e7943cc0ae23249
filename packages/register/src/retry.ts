import { GroundtraceError } from '@groundtrace/core'

export interface RetryOptions {
  /** Attempts in all, the first included. */
  readonly attempts: number
  /** Milliseconds before the second attempt; doubled before each further one. */
  readonly firstDelayMs: number
  /** Waits. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Told what each attempt threw. */
  readonly onFailure: (error: unknown) => void
}

/** What waiting does not heal: the register is closed, or is none. */
const FINAL: ReadonlySet<string> = new Set(['register-closed', 'register-incompatible'])

/** The word under which what a failing register did not take is counted. */
export function failureReason(error: unknown): string {
  return GroundtraceError.isInstance(error) && FINAL.has(error.code) ? error.code : 'register-unavailable'
}

/** Does the work, again after a failure that may pass. @throws what the last attempt threw */
export async function withRetries<T>(
  work: () => Promise<T>,
  { attempts, firstDelayMs, pause, onFailure }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      onFailure(error)
      if (attempt >= attempts || FINAL.has(failureReason(error))) throw error
      await pause(firstDelayMs * 2 ** (attempt - 1))
    }
  }
}

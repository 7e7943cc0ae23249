import { LabelStudioError } from './error.ts'
import type { Fetch } from './send.ts'

/** Before the second and the third attempt. */
const PAUSES_MILLISECONDS = [250, 1000] as const

/**
 * A server that starts, stops or is behind a proxy without it; and the server itself, which breaks when its SQLite is locked
 * or when a task is deleted while a page is put together.
 */
const TRANSIENT: ReadonlySet<number> = new Set([500, 502, 503, 504])

/**
 * Tries a request again that failed for a reason that passes; twice, with pauses.
 * @param isSafe whether a request may be carried out twice
 */
export function retrying(
  send: Fetch,
  isSafe: (request: Request) => boolean,
  pause: (milliseconds: number) => Promise<void>,
): Fetch {
  const attempt = async (request: Request): Promise<Response | LabelStudioError> => {
    try {
      return await send(request)
    } catch (error) {
      // What took its whole time once is not given as much again.
      if (LabelStudioError.isInstance(error) && error.code === 'unavailable') return error
      throw error
    }
  }
  return async (request) => {
    const pauses = isSafe(request) ? PAUSES_MILLISECONDS : []
    let outcome = await attempt(request)
    for (const milliseconds of pauses) {
      if (outcome instanceof Response && !TRANSIENT.has(outcome.status)) break
      await pause(milliseconds)
      outcome = await attempt(request)
    }
    if (outcome instanceof Response) return outcome
    throw outcome
  }
}

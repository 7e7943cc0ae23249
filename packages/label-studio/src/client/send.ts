import { boundedText } from './bounded-text.ts'
import { LabelStudioError } from './error.ts'

/** What sends a request: `fetch`, or what stands in for it. */
export type Fetch = (request: Request) => Promise<Response>

/** A thousand tasks with a page of text each are a tenth of that. */
const MOST_BYTES = 64 * 1024 * 1024

/** These answers have no body, whatever was sent. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304])

/** Why a connection failed: the system's word, such as ECONNREFUSED, or the words of whoever failed. */
function reasonOf(error: unknown): string {
  let reason = 'no reason given'
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code
    reason = inner.message.slice(0, 100)
  }
  return reason
}

function failed(error: unknown, request: Request, timeoutSeconds: number): LabelStudioError {
  if (LabelStudioError.isInstance(error)) return error
  const { origin } = new URL(request.url)
  if (error instanceof Error && error.name === 'TimeoutError') {
    const cause = `Label Studio at ${origin} did not answer within ${timeoutSeconds} seconds`
    return new LabelStudioError('timeout', cause, 'See what it is busy with, or raise timeoutSeconds', { cause: error })
  }
  return new LabelStudioError(
    'unavailable',
    `The connection with Label Studio at ${origin} failed (${reasonOf(error)})`,
    'Check that it runs, and that the address is right',
    { cause: error },
  )
}

/**
 * Sends requests within a time, and reads answers to their end, up to a size. Never follows a redirection: a token would go
 * along. The function that it makes rejects with a LabelStudioError `unavailable`, `timeout` or `invalid-answer`.
 */
export function boundedSend(fetch: Fetch, timeoutSeconds: number): Fetch {
  return async (request) => {
    try {
      const signal = AbortSignal.timeout(timeoutSeconds * 1000)
      const response = await fetch(new Request(request.clone(), { signal, redirect: 'manual' }))
      const text = await boundedText(response, MOST_BYTES)
      const { status } = response
      return new Response(BODILESS.has(status) ? null : text, { status })
    } catch (error) {
      throw failed(error, request, timeoutSeconds)
    }
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { GroundtraceError, quote } from '@groundtrace/core'
import { createRunAnswer, type HttpRequest, type HttpResponse } from './http-answer.ts'

/**
 * The listener of a `node:http` server, whose responses say in the header `groundtrace-tracking-id` which predictions were
 * made for them. It is called with the same arguments and `this`; what it returns or throws is unchanged.
 * @throws GroundtraceError `invalid-argument` for what is no function
 */
export function nodeTrackingIdHeader<
  This,
  Result,
  Request extends HttpRequest = IncomingMessage,
  Response extends HttpResponse = ServerResponse,
>(
  listener: (this: This, request: Request, response: Response) => Result,
): (this: This, request: Request, response: Response) => Result {
  if (typeof listener !== 'function') {
    throw new GroundtraceError(
      'invalid-argument',
      `nodeTrackingIdHeader: ${quote(listener)} is no function`,
      'Pass the function that answers requests, and what comes back to createServer',
    )
  }
  const run = createRunAnswer()
  return function (request, response) {
    return run(request, response, () => Reflect.apply(listener, this, [request, response]))
  }
}

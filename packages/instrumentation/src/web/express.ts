import { createRunAnswer, type HttpRequest, type HttpResponse } from './http-answer.ts'

/**
 * Middleware for Express, and for all that calls middleware with `(request, response, next)`. Use it before what predicts:
 * the responses of all that comes after it say which predictions were made for them.
 */
export function expressTrackingIdHeader(): (request: HttpRequest, response: HttpResponse, next: () => void) => void {
  const run = createRunAnswer()
  return (request, response, next) => run(request, response, () => next())
}

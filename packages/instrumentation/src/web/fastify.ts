import { createRunAnswer, type HttpRequest, type HttpResponse } from './http-answer.ts'

/**
 * An `onRequest` hook for Fastify: `app.addHook('onRequest', fastifyTrackingIdHeader())`. The responses of the routes in
 * its scope say which predictions were made for them.
 */
export function fastifyTrackingIdHeader(): (
  request: { readonly raw: HttpRequest },
  reply: { readonly raw: HttpResponse },
  done: () => void,
) => void {
  const run = createRunAnswer()
  return (request, reply, done) => run(request.raw, reply.raw, () => done())
}

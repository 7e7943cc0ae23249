import { HEADER_TRACKING_ID } from '@groundtrace/core/semconv'
import { answeredFor, answeringStorage, type AnsweredPredictions } from '../answered-predictions.ts'
import { attempt } from '../attempt.ts'

/** The context of a request in Hono: as much of it as is used here. */
export interface HonoContext {
  readonly res: { readonly headers: { has(name: string): boolean } }
  header(name: string, value: string): unknown
}

/**
 * Middleware for Hono, on Node or wherever else `node:async_hooks` is. Use it before what predicts: the responses of all
 * that comes after it say which predictions were begun when the handler returned them.
 */
export function honoTrackingIdHeader(): (context: HonoContext, next: () => Promise<void>) => Promise<void> {
  const storage = answeringStorage()
  return async (context, next) => {
    let isOutermost = false
    const answered = answeredFor(context, () => {
      isOutermost = true
    })
    await storage.run(answered, next)
    if (isOutermost) attempt(() => writeHeader(context, answered))
  }
}

/** What the service said itself stays. */
function writeHeader(context: HonoContext, answered: AnsweredPredictions): void {
  const value = answered.headerValue()
  answered.close()
  if (value !== undefined && !context.res.headers.has(HEADER_TRACKING_ID)) context.header(HEADER_TRACKING_ID, value)
}

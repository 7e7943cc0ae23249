import { isTrackingId, type TrackingId } from '@groundtrace/core'
import { createContextKey, type Context } from '@opentelemetry/api'
import { activeContext } from './active-context.ts'

const KEY = createContextKey('groundtrace.tracking_id')

/**
 * The tracking ID of the prediction that runs now: what a predict function, and all that it calls, may log or send on.
 * In a batch it is the ID of the whole call; that of a row is the same with `-<row>`.
 * Undefined outside of a prediction, and always in a host without a context manager: then nothing carries it.
 */
export function getActiveTrackingId(): TrackingId | undefined {
  return trackingIdIn(activeContext())
}

/** The tracking ID that a context carries. */
export function trackingIdIn(context: Context): TrackingId | undefined {
  const id = context.getValue(KEY)
  return isTrackingId(id) ? id : undefined
}

/** The context with the tracking ID in it. */
export function withTrackingId(context: Context, id: TrackingId): Context {
  return context.setValue(KEY, id)
}

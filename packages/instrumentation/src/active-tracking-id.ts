import { isTrackingId, type TrackingId } from '@groundtrace/core'
import { createContextKey, type Context } from '@opentelemetry/api'
import { activeContext } from './active-context.ts'
import type { Around } from './around.ts'

/** What a context carries of the prediction that runs in it. */
interface Running {
  readonly id: TrackingId
  readonly around: Around
}

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
  const id = running(context)?.id
  return isTrackingId(id) ? id : undefined
}

/** What a context is within, of predictions that have events. */
export function aroundIn(context: Context): Around | undefined {
  return running(context)?.around
}

/** The context with the prediction in it. */
export function withPrediction(context: Context, id: TrackingId, around: Around): Context {
  return context.setValue(KEY, { id, around } satisfies Running)
}

function running(context: Context): Running | undefined {
  return context.getValue(KEY) as Running | undefined
}

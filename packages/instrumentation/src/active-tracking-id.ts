import type { TrackingId } from '@groundtrace/core'
import { activeContext } from './active-context.ts'
import { runningIn } from './prediction-context.ts'

/**
 * The tracking ID of the prediction that runs now: what a predict function, and all that it calls, may log or send on.
 * In a batch it is the ID of the whole call; that of a row is the same with `-<row>`.
 * Undefined outside of a prediction, and always in a host without a context manager: then nothing carries it.
 */
export function getActiveTrackingId(): TrackingId | undefined {
  return runningIn(activeContext())?.id
}

import type { TrackingId } from '@groundtrace/core'

const known = new WeakMap<object, readonly TrackingId[]>()

/** Remembers whose answer an object is, for as long as it lives. */
export function rememberTrackingIds(answer: unknown, ids: readonly TrackingId[]): void {
  if (typeof answer === 'object' && answer !== null) known.set(answer, ids)
}

/**
 * The tracking IDs of an answer that an instrumented library gave: the outputs of a session, a completion, a response or
 * a stream; the very object that was returned. One, or one for each row of a batch, in order. Empty for anything else.
 */
export function trackingIdsOf(answer: object): readonly TrackingId[] {
  return known.get(answer) ?? []
}

/** The tracking ID of an answer that is one prediction, or of the first row of a batch; see {@link trackingIdsOf}. */
export function trackingIdOf(answer: object): TrackingId | undefined {
  return trackingIdsOf(answer)[0]
}

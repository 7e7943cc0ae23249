import { formatTrackingId, GroundtraceError, parseTrackingId, quote, type TrackingId } from '@groundtrace/core'

/** Rows of one call: each gets an ID and an event while the caller waits. */
export const MAX_ROWS = 100_000

/**
 * The tracking IDs of the rows of a batch, in order: that of the call with `-0`, `-1` and so on.
 * @throws GroundtraceError `invalid-argument` when `count` is no number of rows
 */
export function rowIds(call: TrackingId, count: number): readonly TrackingId[] {
  if (!Number.isSafeInteger(count) || count < 0 || count > MAX_ROWS) {
    throw new GroundtraceError(
      'invalid-argument',
      `rows returned ${quote(count)}`,
      'Return the number of rows of the batch from rows, a whole number from 0 to 100,000',
    )
  }
  const { traceId, spanId } = parseTrackingId(call)
  return Array.from({ length: count }, (_, row) => formatTrackingId({ traceId, spanId, row }))
}

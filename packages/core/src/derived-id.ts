import { createHash } from 'node:crypto'
import { GroundtraceError } from './errors.ts'
import { isKey, isName } from './key.ts'
import { quote } from './quote.ts'
import { formatTrackingId, type TrackingId } from './tracking-id.ts'

const TRACE_DIGITS = 32
const SPAN_DIGITS = 16

/**
 * The tracking ID of a feedback that came with an idempotency key: the same source and key give the same ID, so a retry
 * is told from a second answer. SHA-256 over both, cut to the length of a trace and a span ID.
 * @param source the feedback's source, a bounded word
 * @param key unique within the source: 1 to 256 characters
 * @throws GroundtraceError `invalid-argument`
 */
export function feedbackId(source: string, key: string): TrackingId {
  if (!isName(source) || !isKey(key)) {
    throw new GroundtraceError(
      'invalid-argument',
      `Source ${quote(source)} and key ${quote(key)} make no feedback ID`,
      'Pass the bounded word of the source and an idempotency key of 1 to 256 characters',
    )
  }
  const digest = createHash('sha256').update(`groundtrace.feedback\0${source}\0${key}`).digest('hex')
  return formatTrackingId({
    traceId: digest.slice(0, TRACE_DIGITS),
    spanId: digest.slice(TRACE_DIGITS, TRACE_DIGITS + SPAN_DIGITS),
  })
}

import { formatTrackingId, parseTrackingId, trackingIdOfCall, type TrackingId } from '@groundtrace/core'
import { isSpanContextValid, isValidTraceId, type SpanContext } from '@opentelemetry/api'
import type { IdSource } from './random-ids.ts'

/**
 * The tracking ID of a span that was started for one thing only, sampled or not. Undefined where it is no span, or the one
 * around it, as every tracer without an SDK answers. A tracer is the host's: its IDs may be anything. In upper case, which
 * the API calls valid too, they make the ID in lower case.
 * @param span context of the span that was started
 * @param around context of the span that was active before
 */
export function idOfSpan(span: SpanContext | undefined, around: SpanContext | undefined): TrackingId | undefined {
  if (span === undefined || span.spanId === around?.spanId) return undefined
  const { traceId, spanId } = span
  const id = trackingIdOfCall(traceId, spanId)
  if (id !== undefined || !isSpanContextValid(span)) return id
  return trackingIdOfCall(traceId.toLowerCase(), spanId.toLowerCase())
}

/**
 * A tracking ID of our own, where there is no span. Any valid trace ID is kept: what the tracer answered, else that of the
 * span around it, else that of the prediction around it.
 * @param parent tracking ID of the prediction around
 */
export function idWithoutSpan(
  span: SpanContext | undefined,
  around: SpanContext | undefined,
  parent: TrackingId | undefined,
  ids: IdSource,
): TrackingId {
  const kept = [span, around].find(hasTrace)
  const traceId =
    kept?.traceId.toLowerCase() ?? (parent === undefined ? ids.traceId() : parseTrackingId(parent).traceId)
  return formatTrackingId({ traceId, spanId: ids.spanId() })
}

function hasTrace(context: SpanContext | undefined): boolean {
  return typeof context?.traceId === 'string' && isValidTraceId(context.traceId)
}

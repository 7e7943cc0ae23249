import { formatTrackingId, isTrackingId, parseTrackingId, type TrackingId } from '@groundtrace/core'
import { isValidTraceId, type SpanContext } from '@opentelemetry/api'
import type { IdSource } from './random-ids.ts'

/** A tracking ID, and whether the span it names is the prediction's own. */
export interface AssignedId {
  readonly trackingId: TrackingId
  /** False when the span ID is ours: no span of that ID exists in any trace store. */
  readonly hasSpan: boolean
}

const TRACE_DIGITS = 32
const SPAN_DIGITS = 16

/**
 * The tracking ID of one prediction. Any valid trace ID is kept, sampled or not: the span's, else that of the span
 * around it, else that of the prediction around it. The span ID is the span's, unless that is invalid or the one of the
 * span around it, as every tracer without an SDK answers; then it is one of our own.
 * @param span context of the span that was started for the prediction
 * @param around context of the span that was active before
 * @param parent tracking ID of the prediction that this one runs in
 */
export function assignId(
  span: SpanContext | undefined,
  around: SpanContext | undefined,
  parent: TrackingId | undefined,
  ids: IdSource,
): AssignedId {
  const own = span === undefined || span.spanId === around?.spanId ? undefined : idOf(span)
  if (own !== undefined) return { trackingId: own, hasSpan: true }
  const kept = [span, around].find(hasTrace)
  const traceId =
    kept?.traceId.toLowerCase() ?? (parent === undefined ? ids.traceId() : parseTrackingId(parent).traceId)
  return { trackingId: formatTrackingId({ traceId, spanId: ids.spanId() }), hasSpan: false }
}

/** A tracer is the host's: its IDs may be anything. Of upper-case ones the lower-case ones are taken. */
function idOf({ traceId, spanId }: SpanContext): TrackingId | undefined {
  if (typeof traceId !== 'string' || typeof spanId !== 'string') return undefined
  if (traceId.length !== TRACE_DIGITS || spanId.length !== SPAN_DIGITS) return undefined
  const id = `${traceId}-${spanId}`
  if (isTrackingId(id)) return id
  const lower = id.toLowerCase()
  return isTrackingId(lower) ? lower : undefined
}

function hasTrace(context: SpanContext | undefined): boolean {
  return typeof context?.traceId === 'string' && isValidTraceId(context.traceId)
}

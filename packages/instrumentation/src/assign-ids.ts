import { parseTrackingId, type TrackingId } from '@groundtrace/core'
import { isValidSpanId, isValidTraceId, type SpanContext } from '@opentelemetry/api'
import type { IdSource } from './random-ids.ts'

/** What a tracking ID is made of, and whether the span it names is the prediction's own. */
export interface AssignedIds {
  readonly traceId: string
  readonly spanId: string
  /** False when the span ID is ours: no span of that ID exists in any trace store. */
  readonly hasSpan: boolean
}

/**
 * The trace and span ID of one prediction. Any valid trace ID is kept, sampled or not: the span's, else that of the span
 * around it, else that of the prediction around it. The span ID is the span's, unless that is invalid or the one of the
 * span around it, as every tracer without an SDK answers; then it is one of our own.
 * @param span context of the span that was started for the prediction
 * @param around context of the span that was active before
 * @param parent tracking ID of the prediction that this one runs in
 */
export function assignIds(
  span: SpanContext | undefined,
  around: SpanContext | undefined,
  parent: TrackingId | undefined,
  ids: IdSource,
): AssignedIds {
  if (span !== undefined && isUsable(span) && span.spanId !== around?.spanId) {
    return { traceId: span.traceId.toLowerCase(), spanId: span.spanId.toLowerCase(), hasSpan: true }
  }
  const kept = [span, around].find(hasTrace)
  const traceId =
    kept?.traceId.toLowerCase() ?? (parent === undefined ? ids.traceId() : parseTrackingId(parent).traceId)
  return { traceId, spanId: ids.spanId(), hasSpan: false }
}

/** A tracer is the host's: its IDs may be anything. */
function hasTrace(context: SpanContext | undefined): boolean {
  return typeof context?.traceId === 'string' && isValidTraceId(context.traceId)
}

function isUsable(span: SpanContext): boolean {
  return hasTrace(span) && typeof span.spanId === 'string' && isValidSpanId(span.spanId)
}

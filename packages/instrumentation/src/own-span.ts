import { parseTrackingId, type TrackingId } from '@groundtrace/core'
import {
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Span,
  type SpanContext,
  type SpanOptions,
} from '@opentelemetry/api'
import { idOfSpan, idWithoutSpan } from './assign-id.ts'
import type { TracerSource } from './host-tracer.ts'
import type { IdSource } from './random-ids.ts'
import { quietened } from './thenable.ts'

/** How a span begins: its name, of low cardinality, and its kind. */
export interface SpanStart {
  readonly name: string
  /** With attributes only where a sampler goes by them: a tracer checks and copies all that a span starts with. */
  readonly options: SpanOptions
  /** Attributes that are set where the span is recorded. */
  readonly recorded?: Attributes
  /** Name of the task that is predicted for; absent where nobody declared one. */
  readonly task?: string
}

/** A span that was started for one thing only, and the tracking ID that is made of it. */
export interface OwnSpan {
  readonly trackingId: TrackingId
  /** Undefined when no tracer gave it one. One that is another's is left alone: to end it or to write on it would change that. */
  readonly span: Span | undefined
  /** What the tracking ID is made of; of a real span where there is one. */
  readonly spanContext: SpanContext
  /** Of the span that was active before. */
  readonly around: SpanContext | undefined
}

/**
 * Starts a span in a context. Never throws, whatever the host's tracer does.
 * @param parent tracking ID of the prediction around, whose trace is kept where there is no span
 */
export function startOwnSpan(
  tracer: TracerSource,
  start: SpanStart,
  outer: Context,
  parent: TrackingId | undefined,
  ids: IdSource,
): OwnSpan {
  const around = spanContextIn(outer)
  const started = startSpan(tracer, start, outer)
  const spanContext = spanContextOf(started)
  const own = ownId(spanContext, around)
  if (own !== undefined && spanContext !== undefined) return { trackingId: own, span: started, spanContext, around }
  // What is no span may be a promise, and its rejection must end nothing.
  quietened(started)
  quietened(spanContext)
  const trackingId = inventedId(spanContext, around, parent, ids)
  const { traceId, spanId } = parseTrackingId(trackingId)
  const traceFlags = around?.traceFlags ?? TraceFlags.NONE
  return { trackingId, span: undefined, spanContext: { traceId, spanId, traceFlags }, around }
}

/** The context with the span as the active one; the context as it is where there is none. Never throws. */
export function withSpan(context: Context, span: Span | undefined): Context {
  try {
    return span === undefined ? context : trace.setSpan(context, span)
  } catch {
    return context
  }
}

function startSpan(tracer: TracerSource, { name, options }: SpanStart, outer: Context): Span | undefined {
  try {
    // What a tracer does to the options of one span reaches no other.
    return tracer().startSpan(name, { ...options }, outer)
  } catch {
    return undefined
  }
}

function spanContextIn(context: Context): SpanContext | undefined {
  try {
    return trace.getSpanContext(context)
  } catch {
    return undefined
  }
}

function spanContextOf(span: Span | undefined): SpanContext | undefined {
  try {
    return span?.spanContext()
  } catch {
    return undefined
  }
}

/** Contexts are the host's: one that can't be read is none. */
function ownId(span: SpanContext | undefined, around: SpanContext | undefined): TrackingId | undefined {
  try {
    return idOfSpan(span, around)
  } catch {
    return undefined
  }
}

function inventedId(
  span: SpanContext | undefined,
  around: SpanContext | undefined,
  parent: TrackingId | undefined,
  ids: IdSource,
): TrackingId {
  try {
    return idWithoutSpan(span, around, parent, ids)
  } catch {
    return idWithoutSpan(undefined, undefined, undefined, ids)
  }
}

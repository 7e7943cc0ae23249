import { formatTrackingId, type Model, type Task, type TrackingId } from '@groundtrace/core'
import {
  ATTR_ERROR_TYPE,
  ATTR_MODEL_NAME,
  ATTR_MODEL_VERSION,
  ATTR_PREDICTION_PARENT,
  ATTR_PREDICTION_WHOLE,
  ATTR_TASK_KIND,
  ATTR_TASK_NAME,
  ATTR_TRACKING_ID,
} from '@groundtrace/core/semconv'
import {
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Exception,
  type Span,
  type SpanContext,
  type SpanOptions,
} from '@opentelemetry/api'
import { activeContext } from './active-context.ts'
import { aroundIn, trackingIdIn, withPrediction } from './active-tracking-id.ts'
import { answeredNow } from './answered-predictions.ts'
import { NOTHING_AROUND, wholeOf, withinTold } from './around.ts'
import { assignIds } from './assign-ids.ts'
import { attempt } from './attempt.ts'
import type { TracerSource } from './host-tracer.ts'
import type { IdSource } from './random-ids.ts'

/** The span of one call of a predict function, and the tracking ID made of it. */
export interface PredictionSpan {
  /** Of the call; that of a row of a batch is the same with `-<row>`. */
  readonly trackingId: TrackingId
  /** What the tracking ID is made of; of a real span where `hasSpan`. */
  readonly spanContext: SpanContext
  /** False when no tracer gave the prediction a span of its own. */
  readonly hasSpan: boolean
  /** The prediction right around this one, of those that have events. */
  readonly parent: TrackingId | undefined
  /** The outermost one around it that is of the same task, of those that have events. */
  readonly whole: TrackingId | undefined
  /** What to predict in: the span and the tracking ID are active there. */
  readonly context: Context
  /** What became known while the prediction ran. Never throws. */
  setAttributes(attributes: Attributes): void
  /** Ends the span. Never throws. @param failure what was thrown, and the `error.type` of it */
  end(failure?: { readonly thrown: unknown; readonly type: string }): void
}

/** How a span begins: its name, of low cardinality, and its kind and attributes. */
export interface SpanStart {
  readonly name: string
  readonly options: SpanOptions
}

/**
 * Starts the span of a prediction. Never throws, whatever the host's tracer does.
 * @param isTold it will have an event, so that what is inside of it can be a part of it
 */
export function startPredictionSpan(
  tracer: TracerSource,
  start: SpanStart,
  ids: IdSource,
  isTold: boolean,
): PredictionSpan {
  const outer = activeContext()
  const around = attempt(() => trace.getSpanContext(outer)).value
  const parent = attempt(() => trackingIdIn(outer)).value
  const told = attempt(() => aroundIn(outer)).value ?? NOTHING_AROUND
  const task = isTold ? start.options.attributes?.[ATTR_TASK_NAME] : undefined
  const whole = wholeOf(told, task)
  const started = attempt(() => tracer().startSpan(start.name, start.options, outer)).value
  const startedContext = attempt(() => started?.spanContext()).value
  const { traceId, spanId, hasSpan } =
    attempt(() => assignIds(startedContext, around, parent, ids)).value ??
    assignIds(undefined, undefined, undefined, ids)
  const trackingId = formatTrackingId({ traceId, spanId })
  answeredNow()?.add(trackingId, parent !== undefined)
  // A span that is not the prediction's own is left alone: to end it or to write on it would change another's.
  const span = hasSpan ? started : undefined
  if (span !== undefined) attempt(() => mark(span, trackingId, parent, whole))
  const inside = task === undefined ? told : withinTold(told, task, trackingId)
  return {
    trackingId,
    spanContext:
      hasSpan && startedContext !== undefined
        ? startedContext
        : { traceId, spanId, traceFlags: around?.traceFlags ?? TraceFlags.NONE },
    hasSpan,
    parent: told.parent,
    whole,
    context:
      attempt(() => withPrediction(span === undefined ? outer : trace.setSpan(outer, span), trackingId, inside))
        .value ?? outer,
    setAttributes(attributes) {
      if (span !== undefined) attempt(() => span.setAttributes(attributes))
    },
    end(failure) {
      if (span === undefined) return
      if (failure !== undefined) attempt(() => recordFailure(span, failure.thrown, failure.type))
      attempt(() => span.end())
    },
  }
}

/** How the span of a predict function begins. */
export function predictSpan(task: Task, model: Model | undefined): SpanStart {
  return {
    name: model === undefined ? 'predict' : `predict ${model.name}`,
    options: {
      kind: SpanKind.INTERNAL,
      attributes: { ...taskAttributes(task), ...(model === undefined ? {} : modelAttributes(model)) },
    },
  }
}

/** What a span says of the task. */
export function taskAttributes({ name, kind }: Task): Attributes {
  return { [ATTR_TASK_NAME]: name, [ATTR_TASK_KIND]: kind }
}

/** What a span says of the model. */
export function modelAttributes({ name, version }: Model): Attributes {
  return { [ATTR_MODEL_NAME]: name, [ATTR_MODEL_VERSION]: version }
}

function mark(span: Span, trackingId: TrackingId, parent: TrackingId | undefined, whole: TrackingId | undefined): void {
  if (!span.isRecording()) return
  span.setAttribute(ATTR_TRACKING_ID, trackingId)
  if (parent !== undefined) span.setAttribute(ATTR_PREDICTION_PARENT, parent)
  if (whole !== undefined) span.setAttribute(ATTR_PREDICTION_WHOLE, whole)
}

function recordFailure(span: Span, thrown: unknown, type: string): void {
  span.setAttribute(ATTR_ERROR_TYPE, type)
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.recordException(thrown as Exception)
}

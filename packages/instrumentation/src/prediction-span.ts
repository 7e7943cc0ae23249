import type { Model, Task, TrackingId } from '@groundtrace/core'
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
  type Attributes,
  type Context,
  type Exception,
  type Span,
  type SpanContext,
} from '@opentelemetry/api'
import { activeContext } from './active-context.ts'
import { answeredNow } from './answered-predictions.ts'
import { NOTHING_AROUND, wholeOf, withinTold } from './around.ts'
import { attempt } from './attempt.ts'
import type { TracerSource } from './host-tracer.ts'
import { startOwnSpan, type OwnSpan, type SpanStart } from './own-span.ts'
import { PredictionContext, Running, runningIn } from './prediction-context.ts'
import type { IdSource } from './random-ids.ts'
import { quietened } from './thenable.ts'

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
  const running = runningIn(outer)
  const own = startOwnSpan(tracer, start, outer, running?.id, ids)
  const { trackingId, span } = own
  const told = running?.around ?? NOTHING_AROUND
  const task = isTold ? start.task : undefined
  const whole = wholeOf(told, task)
  answeredNow()?.add(trackingId, running !== undefined)
  if (span !== undefined) mark(span, start, trackingId, running?.id, whole)
  const around = task === undefined ? told : withinTold(told, task, trackingId)
  return new StartedSpan(own, told.parent, whole, within(outer, span, new Running(trackingId, around)))
}

/** A class, because every prediction has one: its methods are made once. */
class StartedSpan implements PredictionSpan {
  readonly trackingId: TrackingId
  readonly spanContext: SpanContext
  readonly parent: TrackingId | undefined
  readonly whole: TrackingId | undefined
  readonly context: Context
  readonly #span: Span | undefined

  constructor(own: OwnSpan, parent: TrackingId | undefined, whole: TrackingId | undefined, context: Context) {
    this.trackingId = own.trackingId
    this.spanContext = own.spanContext
    this.parent = parent
    this.whole = whole
    this.context = context
    this.#span = own.span
  }

  get hasSpan(): boolean {
    return this.#span !== undefined
  }

  setAttributes(attributes: Attributes): void {
    attempt(() => this.#span?.setAttributes(attributes))
  }

  end(failure?: { readonly thrown: unknown; readonly type: string }): void {
    const span = this.#span
    if (span === undefined) return
    if (failure !== undefined) attempt(() => recordFailure(span, failure.thrown, failure.type))
    try {
      quietened(span.end() as unknown)
    } catch {
      // The host's.
    }
  }
}

/** What to predict in; the context around where the host's can't be read. */
function within(outer: Context, span: Span | undefined, running: Running): Context {
  try {
    return PredictionContext.within(outer, span, running)
  } catch {
    return outer
  }
}

/**
 * How the span of a predict function begins. It starts without attributes, which would cost a prediction that is not
 * recorded an eighth of all: a sampler goes by the name.
 */
export function predictSpan(task: Task, model: Model | undefined): SpanStart {
  return {
    name: model === undefined ? 'predict' : `predict ${model.name}`,
    options: { kind: SpanKind.INTERNAL },
    recorded: { ...taskAttributes(task), ...(model === undefined ? {} : modelAttributes(model)) },
    task: task.name,
  }
}

/** Likewise for one task, and a model that is mostly the same. */
export function predictSpans(task: Task): (model: Model | undefined) => SpanStart {
  let known: Model | undefined
  let last = predictSpan(task, known)
  return (model) => {
    if (model !== known) {
      known = model
      last = predictSpan(task, model)
    }
    return last
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

function mark(
  span: Span,
  { recorded }: SpanStart,
  trackingId: TrackingId,
  parent: TrackingId | undefined,
  whole: TrackingId | undefined,
): void {
  try {
    if (!span.isRecording()) return
    if (recorded !== undefined) span.setAttributes(recorded)
    span.setAttribute(ATTR_TRACKING_ID, trackingId)
    if (parent !== undefined) span.setAttribute(ATTR_PREDICTION_PARENT, parent)
    if (whole !== undefined) span.setAttribute(ATTR_PREDICTION_WHOLE, whole)
  } catch {
    // The host's.
  }
}

function recordFailure(span: Span, thrown: unknown, type: string): void {
  span.setAttribute(ATTR_ERROR_TYPE, type)
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.recordException(thrown as Exception)
}

import { callOf, parseTrackingId, type Feedback, type Task, type TrackingId } from '@groundtrace/core'
import {
  ATTR_ERROR_TYPE,
  ATTR_FEEDBACK_ID,
  ATTR_FEEDBACK_KIND,
  ATTR_FEEDBACK_SOURCE,
  ATTR_PREDICTION_ROW,
  ATTR_TASK_NAME,
  ATTR_TRACKING_ID,
} from '@groundtrace/core/semconv'
import {
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Attributes,
  type Context,
  type Link,
  type SpanContext,
} from '@opentelemetry/api'
import { activeContext } from './active-context.ts'
import { attempt } from './attempt.ts'
import type { TracerSource } from './host-tracer.ts'
import { startOwnSpan, withSpan } from './own-span.ts'
import { taskAttributes } from './prediction-span.ts'
import type { IdSource } from './random-ids.ts'

/** The span of one feedback, in the trace of the request that brought it. Nothing in it throws. */
export interface FeedbackSpan {
  /** Made of the span, and the feedback's own where it brings no other. */
  readonly trackingId: TrackingId
  /** False when no tracer gave the feedback a span of its own. */
  readonly hasSpan: boolean
  /** What to emit in: the span is active there. */
  readonly context: Context
  /** The span that the event of a feedback of this ID belongs to: one that exists, or that its ID is made of. */
  spanContextOf(id: TrackingId): SpanContext | undefined
  /** The feedback was good. */
  accepted(feedback: Feedback): void
  /** It was not. @param type `error.type` */
  rejected(type: string): void
}

/**
 * Starts the span of a feedback, linked to the span of the prediction that it is about: hours later that is in another
 * trace, and long over.
 * @param prediction tracking ID of the prediction, as it was said
 */
export function startFeedbackSpan(
  tracer: TracerSource,
  task: Task | undefined,
  prediction: unknown,
  ids: IdSource,
): FeedbackSpan {
  const outer = activeContext()
  const name = task === undefined ? 'feedback' : `feedback ${task.name}`
  const attributes = task === undefined ? {} : taskAttributes(task)
  const options = { kind: SpanKind.INTERNAL, attributes, links: linksTo(prediction) }
  const { trackingId, span, spanContext, around } = startOwnSpan(tracer, { name, options }, outer, undefined, ids)
  return {
    trackingId,
    hasSpan: span !== undefined,
    context: withSpan(outer, span),
    spanContextOf: (id) => (span !== undefined || id === trackingId ? spanContext : around),
    accepted(feedback) {
      if (span === undefined) return
      attempt(() => span.setAttributes(attributesOf(feedback)))
      attempt(() => span.end())
    },
    rejected(type) {
      if (span === undefined) return
      attempt(() => span.setAttribute(ATTR_ERROR_TYPE, type))
      attempt(() => span.setStatus({ code: SpanStatusCode.ERROR }))
      attempt(() => span.end())
    },
  }
}

/** The span of a row is that of its batch. Whether that was sampled, a tracking ID does not say. */
function linksTo(prediction: unknown): Link[] {
  const parts = attempt(() => parseTrackingId(prediction as string)).value
  if (parts === undefined) return []
  const { traceId, spanId } = parts
  return [{ context: { traceId, spanId, traceFlags: TraceFlags.NONE, isRemote: true } }]
}

/**
 * What a span says of a feedback: no words, no user, no business key. The tracking ID is that of the call, as on the span
 * of the prediction, so that one search finds both.
 */
function attributesOf({ id, kind, source, target }: Feedback): Attributes {
  const own = { [ATTR_FEEDBACK_ID]: id, [ATTR_FEEDBACK_KIND]: kind, [ATTR_FEEDBACK_SOURCE]: source }
  if (!('prediction' in target)) return { ...own, [ATTR_TASK_NAME]: target.task }
  const { row } = parseTrackingId(target.prediction)
  return {
    ...own,
    [ATTR_TRACKING_ID]: callOf(target.prediction),
    ...(row === undefined ? {} : { [ATTR_PREDICTION_ROW]: row }),
  }
}

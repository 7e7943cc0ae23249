import type { Model, Task, TrackingId } from '@groundtrace/core'
import type { Attributes, Context } from '@opentelemetry/api'
import { answeredNow } from './answered-predictions.ts'
import { tellOfMismatch } from './api-mismatch.ts'
import { attempt } from './attempt.ts'
import { withBaggage } from './baggage.ts'
import type { Description } from './description.ts'
import { errorType } from './error-type.ts'
import type { FeatureRules } from './feature-policy.ts'
import type { Pipeline } from './pipeline.ts'
import type { TracerSource } from './host-tracer.ts'
import { startPredictionSpan, type SpanStart } from './prediction-span.ts'
import { createIdSource } from './random-ids.ts'
import { reportFailure, reportSuccess, type FinishedCall } from './report.ts'
import { rowIds } from './row-ids.ts'
import { secondsBetween } from './seconds-between.ts'
import { rememberTrackingIds } from './tracking-id-of.ts'

/** Rows of one call that get an event of their own: they are told while the caller waits. */
const MAX_EVENTS = 1000

/** What an instrumented library is watched with. Asked for at each call, since a host may set it later. */
export interface Watch {
  readonly tracer: TracerSource
  readonly pipeline: Pipeline | undefined
  /** Whether the tracking ID goes into W3C baggage. */
  readonly baggage: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds since any point. */
  readonly monotonic: () => number
  /** Told when the host's tracer is out of reach. */
  readonly warn: (message: string) => void
}

/** Who answers what. Without it a call has a span and a tracking ID, and no event: nobody said what it means. */
export interface Declared {
  readonly task: Task
  readonly model: Model
}

/** What the rows of an answer mean. */
export interface Meaning {
  /** Called for each row, and only where there is a pipeline. */
  readonly describe: (trackingId: TrackingId, row: number) => Description
  readonly features: FeatureRules
}

/** What a library answered, as its target reads it. */
export interface Answer {
  readonly declared: Declared | undefined
  /** For the span. */
  readonly attributes?: Attributes
  /** More than one: a batch. Default 1. */
  readonly rows?: number
  /** What each row means; without it no row has an event. */
  readonly meaning?: Meaning
}

/** One call of an instrumented method. Nothing in it throws, and only its first end counts. */
export interface TargetCall {
  readonly context: Context
  /** @param answer the object that the caller gets, by which it may ask for its IDs; @param read what it means */
  succeeded(answer: unknown, read: () => Answer): void
  failed(thrown: unknown, declared: Declared | undefined, attributes?: Attributes): void
  /** Nobody will ever know how it ended. */
  forgotten(declared: Declared | undefined): void
  /** Makes the answer known as this call's before the call is over. */
  remember(answer: unknown): void
}

const ids = createIdSource()

export function startTargetCall(watch: Watch, start: SpanStart): TargetCall {
  const span = startPredictionSpan(watch.tracer, start, ids)
  if (!span.hasSpan) tellOfMismatch(watch.warn)
  const started = attempt(watch.monotonic).value
  let over = false

  function finish(trackingIds: readonly TrackingId[], model: Model): FinishedCall {
    const latencySeconds = secondsBetween(started, attempt(watch.monotonic).value)
    const time = attempt(watch.now).value ?? Number.NaN
    return { args: [], span, model: { succeeded: true, value: model }, trackingIds, latencySeconds, time }
  }

  function report(answer: Answer, call: FinishedCall, trackingIds: readonly TrackingId[]): void {
    const { pipeline } = watch
    const { declared, meaning } = answer
    if (pipeline === undefined || declared === undefined || meaning === undefined) return
    const told = trackingIds.slice(0, MAX_EVENTS)
    if (told.length < trackingIds.length) {
      pipeline.lose('rows-truncated', undefined, trackingIds.length - told.length)
    }
    const reporting = {
      pipeline,
      task: declared.task,
      rows: () => told.length,
      describe: (_: unknown, { trackingId, row = 0 }: { trackingId: TrackingId; row?: number }) =>
        meaning.describe(trackingId, row),
      features: meaning.features,
    }
    reportSuccess(
      reporting,
      { ...call, model: { succeeded: true, value: declared.model }, trackingIds: told },
      undefined,
    )
  }

  return {
    context: watch.baggage ? withBaggage(span.context, span.trackingId) : span.context,
    succeeded(answer, read) {
      if (over) return
      over = true
      const call = finish([span.trackingId], NOBODY)
      const meaning = attempt(read)
      if (!meaning.succeeded) {
        rememberTrackingIds(answer, call.trackingIds)
        span.end()
        attempt(() => watch.pipeline?.lose('describe-failed', meaning.fault))
        return
      }
      const { attributes, rows = 1 } = meaning.value
      const trackingIds = rows > 1 ? (attempt(() => rowIds(span.trackingId, rows)).value ?? []) : [span.trackingId]
      if (rows > 1) answeredNow()?.setRows(span.trackingId, trackingIds.length)
      rememberTrackingIds(answer, trackingIds)
      if (attributes !== undefined) span.setAttributes(attributes)
      span.end()
      attempt(() => report(meaning.value, call, trackingIds))
    },
    failed(thrown, declared, attributes) {
      if (over) return
      over = true
      const call = finish([span.trackingId], declared?.model ?? NOBODY)
      const type = errorType(thrown)
      if (attributes !== undefined) span.setAttributes(attributes)
      span.end({ thrown, type })
      const { pipeline } = watch
      if (pipeline === undefined || declared === undefined) return
      reportFailure({ pipeline, task: declared.task }, call, type)
    },
    forgotten(declared) {
      if (over) return
      over = true
      span.end()
      if (declared !== undefined) attempt(() => watch.pipeline?.lose('answer-forgotten'))
    },
    remember: (answer) => rememberTrackingIds(answer, [span.trackingId]),
  }
}

const NOBODY: Model = { name: 'undeclared', version: 'undeclared' }

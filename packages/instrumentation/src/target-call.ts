import type { Model, Task, TrackingId } from '@groundtrace/core'
import type { Attributes, Context } from '@opentelemetry/api'
import { answeredNow } from './answered-predictions.ts'
import { tellOfMismatch } from './api-mismatch.ts'
import { attempt } from './attempt.ts'
import { withBaggage } from './baggage.ts'
import type { Description } from './description.ts'
import { errorType } from './error-type.ts'
import type { FeatureRules } from './feature-policy.ts'
import { keepingBy } from './kept-features.ts'
import type { Pipeline } from './pipeline.ts'
import type { TracerSource } from './host-tracer.ts'
import type { SpanStart } from './own-span.ts'
import { startPredictionSpan } from './prediction-span.ts'
import { createIdSource } from './random-ids.ts'
import { reportFailure, reportSuccess, type FinishedCall } from './report.ts'
import { MAX_ROWS, rowIds } from './row-ids.ts'
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
  readonly describe: (trackingId: TrackingId, row: number) => Partial<Description>
  readonly features: FeatureRules
}

/** What a library answered, as its target reads it. */
export interface Answer {
  readonly declared: Declared | undefined
  /** For the span. */
  readonly attributes?: Attributes
  /** Of a batch: how many predictions it is, from 0. Default: it is none, and one prediction. */
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
  /** The span ends here; what the answer means may still be told, or never. */
  released(): void
  /** Nobody will ever know how it ended. */
  forgotten(declared: Declared | undefined): void
  /** Makes the answer known as this call's, also before the call is over. @param rows of a batch, as far as they are known */
  remember(answer: unknown, rows?: number): void
}

/** When a call was over. */
type Clocked = Pick<FinishedCall, 'latencySeconds' | 'time'>

const ids = createIdSource()

export function startTargetCall(watch: Watch, start: SpanStart): TargetCall {
  const span = startPredictionSpan(watch.tracer, start, ids, watch.pipeline !== undefined)
  if (!span.hasSpan) tellOfMismatch(watch.warn)
  const started = attempt(watch.monotonic).value
  let trackingIds: readonly TrackingId[] = [span.trackingId]
  let over = false
  let isSpanOver = false

  function endSpan(attributes?: Attributes, failure?: { readonly thrown: unknown; readonly type: string }): void {
    if (isSpanOver) return
    isSpanOver = true
    if (attributes !== undefined) span.setAttributes(attributes)
    span.end(failure)
  }

  function setRows(rows: number): void {
    trackingIds = attempt(() => rowIds(span.trackingId, Math.min(rows, MAX_ROWS))).value ?? []
    answeredNow()?.setRows(span.trackingId, trackingIds.length)
  }

  function clocked(): Clocked {
    const latencySeconds = secondsBetween(started, attempt(watch.monotonic).value)
    return { latencySeconds, time: attempt(watch.now).value ?? Number.NaN }
  }

  function finished({ model }: Declared, told: readonly TrackingId[], when: Clocked): FinishedCall {
    return { args: [], span, model: { succeeded: true, value: model }, trackingIds: told, ...when }
  }

  function report({ declared, meaning, rows = 1 }: Answer, when: Clocked): void {
    const { pipeline } = watch
    if (pipeline === undefined || declared === undefined || meaning === undefined) return
    const told = trackingIds.slice(0, MAX_EVENTS)
    if (told.length < rows) pipeline.lose('rows-truncated', undefined, rows - told.length)
    const reporting = {
      pipeline,
      task: declared.task,
      rows: () => told.length,
      describe: (_: unknown, { trackingId, row = 0 }: { trackingId: TrackingId; row?: number }) =>
        meaning.describe(trackingId, row),
      keeping: keepingBy(meaning.features, pipeline),
    }
    reportSuccess(reporting, finished(declared, told, when), undefined)
  }

  return {
    context: watch.baggage ? withBaggage(span.context, span.trackingId) : span.context,
    succeeded(answer, read) {
      if (over) return
      over = true
      const when = clocked()
      const meaning = attempt(read)
      if (!meaning.succeeded) {
        rememberTrackingIds(answer, trackingIds)
        endSpan()
        attempt(() => watch.pipeline?.lose('describe-failed', meaning.fault))
        return
      }
      const { attributes, rows } = meaning.value
      if (rows !== undefined) setRows(rows)
      rememberTrackingIds(answer, trackingIds)
      endSpan(attributes)
      attempt(() => report(meaning.value, when))
    },
    failed(thrown, declared, attributes) {
      if (over) return
      over = true
      const when = clocked()
      const type = errorType(thrown)
      endSpan(attributes, { thrown, type })
      const { pipeline } = watch
      if (pipeline === undefined || declared === undefined) return
      reportFailure({ pipeline, task: declared.task }, finished(declared, [span.trackingId], when), type)
    },
    released: () => endSpan(),
    forgotten(declared) {
      if (over) return
      over = true
      endSpan()
      if (declared !== undefined) attempt(() => watch.pipeline?.lose('answer-forgotten'))
    },
    remember(answer, rows) {
      if (rows !== undefined) setRows(rows)
      rememberTrackingIds(answer, trackingIds)
    },
  }
}

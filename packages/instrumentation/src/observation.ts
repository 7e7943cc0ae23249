import type { Model, TrackingId } from '@groundtrace/core'
import type { Context } from '@opentelemetry/api'
import { answeredNow } from './answered-predictions.ts'
import { tellOfMismatch } from './api-mismatch.ts'
import { attempt, type Attempted } from './attempt.ts'
import { withBaggage } from './baggage.ts'
import { errorType } from './error-type.ts'
import type { Setup } from './setup.ts'
import { predictSpans, startPredictionSpan, type PredictionSpan } from './prediction-span.ts'
import { createIdSource } from './random-ids.ts'
import { reportFailure, reportSuccess, type FinishedCall } from './report.ts'
import { rowIds } from './row-ids.ts'
import { secondsBetween } from './seconds-between.ts'
import { quietened } from './thenable.ts'

/** One call of a predict function, watched from outside. Nothing in it throws. */
export interface Observation {
  /** What to predict in. */
  readonly context: Context
  /** One for each row; exactly one where the call is no batch. */
  readonly trackingIds: readonly TrackingId[]
  /** @param items of a result that is a stream */
  succeeded(result: unknown, items?: readonly unknown[]): void
  failed(thrown: unknown): void
  /** The result is a stream that nobody can read to its end any more. */
  forgotten(): void
}

/** Makes what starts an observation: the last thing before the model is called. It never throws. */
export function createObserver(setup: Setup): (args: readonly unknown[]) => Observation {
  const ids = createIdSource(setup.random)
  const start = predictSpans(setup.task)
  return (args) => {
    const model = setup.model()
    const span = startPredictionSpan(setup.tracer, start(model.value), ids, setup.pipeline !== undefined)
    if (!span.hasSpan) tellOfMismatch(setup.warn)
    const trackingIds = idsOf(setup, span, args)
    if (setup.rows !== undefined) answeredNow()?.setRows(span.trackingId, trackingIds.length)
    return new CallObservation(setup, args, span, model, trackingIds)
  }
}

/** A class, because every prediction has one: its methods are made once. It becomes the finished call. */
class CallObservation implements Observation, FinishedCall {
  readonly context: Context
  readonly args: readonly unknown[]
  items: readonly unknown[] | undefined = undefined
  readonly span: PredictionSpan
  readonly model: Attempted<Model>
  readonly trackingIds: readonly TrackingId[]
  latencySeconds: number | undefined = undefined
  time: number = Number.NaN
  readonly #setup: Setup
  readonly #started: number | undefined

  constructor(
    setup: Setup,
    args: readonly unknown[],
    span: PredictionSpan,
    model: Attempted<Model>,
    trackingIds: readonly TrackingId[],
  ) {
    this.context = setup.baggage ? withBaggage(span.context, span.trackingId) : span.context
    this.args = args
    this.span = span
    this.model = model
    this.trackingIds = trackingIds
    this.#setup = setup
    this.#started = reading(setup.monotonic)
  }

  succeeded(result: unknown, items?: readonly unknown[]): void {
    this.#finish()
    this.items = items
    this.span.end()
    reportSuccess(this.#setup, this, result)
  }

  failed(thrown: unknown): void {
    this.#finish()
    const type = errorType(thrown)
    this.span.end({ thrown, type })
    reportFailure(this.#setup, this, type)
  }

  forgotten(): void {
    this.span.end()
    attempt(() => this.#setup.pipeline?.lose('answer-forgotten'))
  }

  #finish(): void {
    this.latencySeconds = secondsBetween(this.#started, reading(this.#setup.monotonic))
    this.time = reading(this.#setup.now) ?? Number.NaN
  }
}

/** What a clock says; undefined where it fails. */
function reading(clock: () => number): number | undefined {
  try {
    return quietened(clock())
  } catch {
    return undefined
  }
}

function idsOf({ rows, pipeline }: Setup, span: PredictionSpan, args: readonly unknown[]): readonly TrackingId[] {
  if (rows === undefined) return [span.trackingId]
  const counted: Attempted<readonly TrackingId[]> = attempt(() => rowIds(span.trackingId, quietened(rows(...args))))
  if (counted.succeeded) return counted.value
  attempt(() => pipeline?.lose('rows-failed', counted.fault))
  return []
}

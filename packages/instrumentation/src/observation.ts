import type { TrackingId } from '@groundtrace/core'
import type { Context } from '@opentelemetry/api'
import { answeredNow } from './answered-predictions.ts'
import { tellOfMismatch } from './api-mismatch.ts'
import { attempt, type Attempted } from './attempt.ts'
import { withBaggage } from './baggage.ts'
import { errorType } from './error-type.ts'
import type { Setup } from './setup.ts'
import { predictSpan, startPredictionSpan, type PredictionSpan } from './prediction-span.ts'
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
  return (args) => {
    const model = setup.model()
    const isTold = setup.pipeline !== undefined
    const span = startPredictionSpan(setup.tracer, predictSpan(setup.task, model.value), ids, isTold)
    if (!span.hasSpan) tellOfMismatch(setup.warn)
    const trackingIds = idsOf(setup, span, args)
    if (setup.rows !== undefined) answeredNow()?.setRows(span.trackingId, trackingIds.length)
    return new CallObservation(setup, { args, span, model, trackingIds }, reading(setup.monotonic))
  }
}

/** What is known of a call from its start. */
type StartedCall = Pick<FinishedCall, 'args' | 'span' | 'model' | 'trackingIds'>

/** A class, because every prediction has one: its methods are made once. */
class CallObservation implements Observation {
  readonly context: Context
  readonly trackingIds: readonly TrackingId[]
  readonly #setup: Setup
  readonly #call: StartedCall
  readonly #started: number | undefined

  constructor(setup: Setup, call: StartedCall, started: number | undefined) {
    const { span, trackingIds } = call
    this.context = setup.baggage ? withBaggage(span.context, span.trackingId) : span.context
    this.trackingIds = trackingIds
    this.#setup = setup
    this.#call = call
    this.#started = started
  }

  succeeded(result: unknown, items?: readonly unknown[]): void {
    const call = this.#finished(items)
    call.span.end()
    reportSuccess(this.#setup, call, result)
  }

  failed(thrown: unknown): void {
    const call = this.#finished(undefined)
    const type = errorType(thrown)
    call.span.end({ thrown, type })
    reportFailure(this.#setup, call, type)
  }

  forgotten(): void {
    this.#call.span.end()
    attempt(() => this.#setup.pipeline?.lose('answer-forgotten'))
  }

  #finished(items: readonly unknown[] | undefined): FinishedCall {
    const { args, span, model, trackingIds } = this.#call
    const latencySeconds = secondsBetween(this.#started, reading(this.#setup.monotonic))
    return { args, items, span, model, trackingIds, latencySeconds, time: reading(this.#setup.now) ?? Number.NaN }
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

import type { TrackingId } from '@groundtrace/core'
import type { Context } from '@opentelemetry/api'
import { answeredNow } from './answered-predictions.ts'
import { tellOfMismatch } from './api-mismatch.ts'
import { attempt, type Attempted } from './attempt.ts'
import { withBaggage } from './baggage.ts'
import { errorType } from './error-type.ts'
import { checkedModel, type Setup } from './setup.ts'
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
  readonly succeeded: (result: unknown, items?: readonly unknown[]) => void
  readonly failed: (thrown: unknown) => void
  /** The result is a stream that nobody can read to its end any more. */
  readonly forgotten: () => void
}

/** Makes what starts an observation: the last thing before the model is called. It never throws. */
export function createObserver(setup: Setup): (args: readonly unknown[]) => Observation {
  const ids = createIdSource(setup.random)
  return (args) => {
    const model = attempt(() => checkedModel(quietened(setup.model())))
    const isTold = setup.pipeline !== undefined
    const span = startPredictionSpan(setup.tracer, predictSpan(setup.task, model.value), ids, isTold)
    if (!span.hasSpan) tellOfMismatch(setup.warn)
    const trackingIds = idsOf(setup, span, args)
    if (setup.rows !== undefined) answeredNow()?.setRows(span.trackingId, trackingIds.length)
    const started = attempt(setup.monotonic).value

    function finished(): FinishedCall {
      const latencySeconds = secondsBetween(started, attempt(setup.monotonic).value)
      return { args, span, model, trackingIds, latencySeconds, time: attempt(setup.now).value ?? Number.NaN }
    }

    return {
      context: setup.baggage ? withBaggage(span.context, span.trackingId) : span.context,
      trackingIds,
      succeeded(result, items) {
        const call = finished()
        span.end()
        reportSuccess(setup, items === undefined ? call : { ...call, items }, result)
      },
      failed(thrown) {
        const call = finished()
        const type = errorType(thrown)
        span.end({ thrown, type })
        reportFailure(setup, call, type)
      },
      forgotten() {
        span.end()
        attempt(() => setup.pipeline?.lose('answer-forgotten'))
      },
    }
  }
}

function idsOf({ rows, pipeline }: Setup, span: PredictionSpan, args: readonly unknown[]): readonly TrackingId[] {
  if (rows === undefined) return [span.trackingId]
  const counted: Attempted<readonly TrackingId[]> = attempt(() => rowIds(span.trackingId, quietened(rows(...args))))
  if (counted.succeeded) return counted.value
  attempt(() => pipeline?.lose('rows-failed', counted.fault))
  return []
}

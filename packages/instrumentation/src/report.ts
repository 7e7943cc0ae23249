import { checkedPrediction, predictionEvent, type Model, type Prediction, type TrackingId } from '@groundtrace/core'
import { attempt, type Attempted } from './attempt.ts'
import { describedPrediction, type Description, type KnownFacts } from './description.ts'
import type { FeatureKeeping } from './kept-features.ts'
import type { Setup } from './setup.ts'
import type { Pipeline } from './pipeline.ts'
import type { PredictionSpan } from './prediction-span.ts'

/** What is known of a call when it is over. */
export interface FinishedCall {
  readonly args: readonly unknown[]
  /** What came out of a stream; absent where the result is none. */
  readonly items?: readonly unknown[]
  readonly span: PredictionSpan
  readonly model: Attempted<Model>
  readonly trackingIds: readonly TrackingId[]
  /** Of the whole call, and so of each of its rows. */
  readonly latencySeconds: number | undefined
  /** When it was over: milliseconds since 1970. */
  readonly time: number
}

/** What a report needs of a setup. */
export type Reporting = Pick<Setup, 'pipeline' | 'task' | 'describe' | 'rows' | 'features'>

/** Describes every row of a call that succeeded, and emits it. Never throws. */
export function reportSuccess(setup: Reporting, call: FinishedCall, result: unknown): void {
  reportRows(setup, call, (pipeline, facts, row) => {
    const description = described(setup, call, result, facts.id, row)
    if (!description.succeeded) return pipeline.lose('describe-failed', description.fault)
    const keeping: FeatureKeeping = {
      rules: setup.features,
      keyedHash: pipeline.keyedHash,
      dropped: (field, count) => pipeline.dropField(field, count),
    }
    const prediction = attempt(() => describedPrediction(description.value, facts, keeping))
    emit(pipeline, call, prediction)
  })
}

/** Emits an error for every row of a call that failed. Never throws. @param error `error.type` */
export function reportFailure(setup: Pick<Reporting, 'pipeline' | 'task'>, call: FinishedCall, error: string): void {
  reportRows(setup, call, (pipeline, facts) => {
    const prediction = attempt(() => checkedPrediction({ ...facts, error }))
    emit(pipeline, call, prediction)
  })
}

function reportRows(
  { pipeline, task }: Pick<Reporting, 'pipeline' | 'task'>,
  { model, trackingIds, span, time, latencySeconds }: FinishedCall,
  report: (pipeline: Pipeline, facts: KnownFacts, row: number) => void,
): void {
  if (pipeline === undefined) return
  for (const [row, id] of trackingIds.entries()) {
    attempt(() => {
      if (!model.succeeded) return pipeline.lose('model-failed', model.fault)
      const { parent, whole } = span
      report(pipeline, { id, task, model: model.value, time, latencySeconds, parent, whole } as KnownFacts, row)
    })
  }
}

function described(
  { describe, rows }: Reporting,
  { args, items }: FinishedCall,
  result: unknown,
  trackingId: TrackingId,
  row: number,
): Attempted<Description> {
  // An async describe is refused as no description.
  return attempt(() =>
    describe(result, {
      args,
      trackingId,
      ...(rows === undefined ? {} : { row }),
      ...(items === undefined ? {} : { items }),
    }),
  )
}

function emit(pipeline: Pipeline, { span }: FinishedCall, prediction: Attempted<Prediction>): void {
  if (prediction.succeeded) pipeline.emit(predictionEvent(prediction.value), span.spanContext, span.context)
  else pipeline.lose('prediction-invalid', prediction.fault)
}

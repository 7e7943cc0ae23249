import {
  predictionEvent,
  type LogEvent,
  type Model,
  type Prediction,
  type Task,
  type TrackingId,
} from '@groundtrace/core'
import type { Attempted } from './attempt.ts'
import { describedPrediction, type Description, type KnownFacts } from './description.ts'
import type { CountDropped } from './dropped-field.ts'
import type { Setup } from './setup.ts'
import type { Pipeline } from './pipeline.ts'
import type { PredictionSpan } from './prediction-span.ts'
import { quietened } from './thenable.ts'

/** What is known of a call when it is over. */
export interface FinishedCall {
  readonly args: readonly unknown[]
  /** What came out of a stream; absent where the result is none. */
  readonly items?: readonly unknown[] | undefined
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
  const { pipeline, features } = setup
  if (pipeline === undefined) return
  const dropped: CountDropped = (field, count) => pipeline.dropField(field, count)
  reportRows(pipeline, setup.task, call, (facts, row) => {
    let description: Description
    try {
      // An async describe is refused as no description.
      description = quietened(setup.describe(result, rowCall(setup, call, facts.id, row)))
    } catch (fault) {
      return pipeline.lose('describe-failed', fault)
    }
    emit(pipeline, call, () =>
      describedPrediction(description, facts, { rules: features, keyedHash: pipeline.keyedHash, dropped }),
    )
  })
}

/** Emits an error for every row of a call that failed. Never throws. @param error `error.type` */
export function reportFailure(
  { pipeline, task }: Pick<Reporting, 'pipeline' | 'task'>,
  call: FinishedCall,
  error: string,
): void {
  if (pipeline === undefined) return
  reportRows(pipeline, task, call, (facts) => emit(pipeline, call, () => ({ ...facts, error })))
}

function reportRows(
  pipeline: Pipeline,
  task: Task,
  { model, trackingIds, span, time, latencySeconds }: FinishedCall,
  report: (facts: KnownFacts, row: number) => void,
): void {
  const { parent, whole } = span
  for (let row = 0; row < trackingIds.length; row += 1) {
    try {
      if (!model.succeeded) pipeline.lose('model-failed', model.fault)
      else
        report(
          { id: trackingIds[row], task, model: model.value, time, latencySeconds, parent, whole } as KnownFacts,
          row,
        )
    } catch {
      // The pipeline's, which is the service's.
    }
  }
}

function rowCall({ rows }: Reporting, { args, items }: FinishedCall, trackingId: TrackingId, row: number) {
  if (rows === undefined && items === undefined) return { args, trackingId }
  return { args, trackingId, ...(rows === undefined ? {} : { row }), ...(items === undefined ? {} : { items }) }
}

function emit(pipeline: Pipeline, { span }: FinishedCall, describe: () => Prediction): void {
  let event: LogEvent
  try {
    event = predictionEvent(describe())
  } catch (fault) {
    return pipeline.lose('prediction-invalid', fault)
  }
  pipeline.emit(event, span.spanContext, span.context)
}

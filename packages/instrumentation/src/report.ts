import {
  predictionEvent,
  type LogEvent,
  type Model,
  type Prediction,
  type Task,
  type TrackingId,
} from '@groundtrace/core'
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
export type Reporting = Pick<Setup, 'pipeline' | 'task' | 'describe' | 'rows' | 'keeping'>

/** Describes every row of a call that succeeded, and emits it. Never throws. */
export function reportSuccess(setup: Reporting, call: FinishedCall, result: unknown): void {
  const { pipeline, keeping } = setup
  if (pipeline === undefined || keeping === undefined) return
  for (let row = 0; row < call.trackingIds.length; row += 1) {
    try {
      const facts = factsOf(pipeline, setup.task, call, row)
      if (facts !== undefined) describeRow(setup, pipeline, keeping, { call, facts, row, result })
    } catch {
      // The pipeline's, which is the service's.
    }
  }
}

/** Emits an error for every row of a call that failed. Never throws. @param error `error.type` */
export function reportFailure(
  { pipeline, task }: Pick<Reporting, 'pipeline' | 'task'>,
  call: FinishedCall,
  error: string,
): void {
  if (pipeline === undefined) return
  for (let row = 0; row < call.trackingIds.length; row += 1) {
    attempt(() => {
      const facts = factsOf(pipeline, task, call, row)
      if (facts !== undefined) emit(pipeline, call, () => ({ ...facts, error }))
    })
  }
}

/** What is known of a row without asking; undefined, and told, where nobody says who answered. */
function factsOf(
  pipeline: Pipeline,
  task: Task,
  { model, trackingIds, span, time, latencySeconds }: FinishedCall,
  row: number,
): KnownFacts | undefined {
  if (!model.succeeded) {
    pipeline.lose('model-failed', model.fault)
    return undefined
  }
  const { parent, whole } = span
  return { id: trackingIds[row], task, model: model.value, time, latencySeconds, parent, whole } as KnownFacts
}

interface Row {
  readonly call: FinishedCall
  readonly facts: KnownFacts
  readonly row: number
  readonly result: unknown
}

function describeRow(setup: Reporting, pipeline: Pipeline, keeping: FeatureKeeping, row: Row): void {
  const { call, facts, result } = row
  let description: Description
  try {
    description = setup.describe(result, callOf(setup, row))
  } catch (fault) {
    return pipeline.lose('describe-failed', fault)
  }
  return emit(pipeline, call, () => describedPrediction(description, facts, keeping))
}

/** What describe is told beside the result. */
function callOf({ rows }: Reporting, { call, facts, row }: Row) {
  const { args, items } = call
  const trackingId = facts.id
  if (rows === undefined && items === undefined) return { args, trackingId }
  return { args, trackingId, ...(rows === undefined ? {} : { row }), ...(items === undefined ? {} : { items }) }
}

function emit(pipeline: Pipeline, { span }: FinishedCall, told: () => Prediction): void {
  let event: LogEvent
  try {
    event = predictionEvent(told())
  } catch (fault) {
    return pipeline.lose('prediction-invalid', fault)
  }
  return pipeline.emit(event, span.spanContext, span.context)
}

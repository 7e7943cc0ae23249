import { predictionEvent, type LogEvent, type Model, type Task, type TrackingId } from '@groundtrace/core'
import { attempt, type Attempted } from './attempt.ts'
import { describedPrediction, type KnownFacts } from './description.ts'
import type { FeatureKeeping } from './kept-features.ts'
import type { LossReason } from './loss.ts'
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
      reportRow(pipeline, keeping, setup, call, row, result)
    } catch {
      // The pipeline's, which is the service's.
    }
  }
}

function reportRow(
  pipeline: Pipeline,
  keeping: FeatureKeeping,
  setup: Reporting,
  call: FinishedCall,
  row: number,
  result: unknown,
): void {
  const facts = factsOf(pipeline, setup.task, call, row)
  if (facts === undefined) return
  let event: LogEvent
  let failure: LossReason = 'describe-failed'
  try {
    const description = setup.describe(result, callOf(setup, call, facts.id, row))
    failure = 'prediction-invalid'
    event = predictionEvent(describedPrediction(description, facts, keeping))
  } catch (fault) {
    return pipeline.lose(failure, fault)
  }
  return pipeline.emit(event, call.span.spanContext, call.span.context)
}

/** Emits an error for every row of a call that failed. Never throws. @param error `error.type` */
export function reportFailure(
  { pipeline, task }: Pick<Reporting, 'pipeline' | 'task'>,
  call: FinishedCall,
  error: string,
): void {
  if (pipeline === undefined) return
  const { spanContext, context } = call.span
  for (let row = 0; row < call.trackingIds.length; row += 1) {
    attempt(() => {
      const facts = factsOf(pipeline, task, call, row)
      if (facts === undefined) return
      const event = attempt(() => predictionEvent({ ...facts, error }))
      if (event.succeeded) pipeline.emit(event.value, spanContext, context)
      else pipeline.lose('prediction-invalid', event.fault)
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

/** What describe is told beside the result. */
function callOf({ rows }: Reporting, { args, items }: FinishedCall, trackingId: TrackingId, row: number) {
  if (rows === undefined && items === undefined) return { args, trackingId }
  return { args, trackingId, ...(rows === undefined ? {} : { row }), ...(items === undefined ? {} : { items }) }
}

import { fromHrTime, predictionFromEvent, taskCatalogue, type Prediction, type Task } from '@groundtrace/core'
import { EVENT_DEPLOYMENT, EVENT_FEATURE_FLAG_EVALUATION } from '@groundtrace/core/semconv'
import { createPipeline, type EventRecord, type Pipeline, type PipelineOptions } from '@groundtrace/instrumentation'

/** A pipeline whose events a test can read, as records and as the predictions that core reads from them. */
export interface Recording {
  readonly pipeline: Pipeline
  /** Of predictions and feedback. */
  readonly records: readonly EventRecord[]
  /** Of what they bring along: deployments and evaluations of flags. */
  readonly beside: readonly EventRecord[]
  readonly predictions: () => readonly Prediction[]
}

const BESIDE: ReadonlySet<string | undefined> = new Set([EVENT_DEPLOYMENT, EVENT_FEATURE_FLAG_EVALUATION])

export function record(task: Task, options: Partial<PipelineOptions> = {}): Recording {
  const records: EventRecord[] = []
  const beside: EventRecord[] = []
  const pipeline = createPipeline({
    ...options,
    processors: [
      {
        onEmit(record) {
          if (BESIDE.has(record.eventName)) beside.push(record)
          else records.push(record)
        },
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  })
  const catalogue = taskCatalogue([task])
  return {
    pipeline,
    records,
    beside,
    predictions: () => records.map((record) => predictionFromEvent(record, catalogue)),
  }
}

/** The time of a record in milliseconds since 1970. */
export const timeOf = (record: EventRecord | undefined): number | undefined => record && fromHrTime(record.hrTime)

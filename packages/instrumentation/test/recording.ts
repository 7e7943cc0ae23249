import { fromHrTime, predictionFromEvent, taskCatalogue, type Prediction, type Task } from '@groundtrace/core'
import { createPipeline, type EventRecord, type Pipeline, type PipelineOptions } from '@groundtrace/instrumentation'

/** A pipeline whose events a test can read, as records and as the predictions that core reads from them. */
export interface Recording {
  readonly pipeline: Pipeline
  readonly records: readonly EventRecord[]
  readonly predictions: () => readonly Prediction[]
}

export function record(task: Task, options: Partial<PipelineOptions> = {}): Recording {
  const records: EventRecord[] = []
  const pipeline = createPipeline({
    ...options,
    processors: [
      {
        onEmit(record) {
          records.push(record)
        },
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  })
  const catalogue = taskCatalogue([task])
  return { pipeline, records, predictions: () => records.map((record) => predictionFromEvent(record, catalogue)) }
}

/** The time of a record in milliseconds since 1970. */
export const timeOf = (record: EventRecord | undefined): number | undefined => record && fromHrTime(record.hrTime)

import {
  deploymentFromEvent,
  feedbackFromEvent,
  GroundtraceError,
  predictionFromEvent,
  type Feedback,
  type LineageLine,
  type LogEvent,
  type Prediction,
  type TaskCatalogue,
} from '@groundtrace/core'
import { EVENT_DEPLOYMENT, EVENT_FEEDBACK, EVENT_PREDICTION } from '@groundtrace/core/semconv'

/** What a batch of events says. */
export interface Batch {
  readonly predictions: Prediction[]
  readonly feedback: Feedback[]
  readonly deployments: LineageLine[]
}

/** Called for each event that says nothing. */
export type OnMalformed = (reason: string, error: unknown) => void

/** How an event of each name is read into a batch. */
const READERS: Readonly<Record<string, (event: LogEvent, batch: Batch, tasks: TaskCatalogue) => void>> = {
  [EVENT_PREDICTION]: (event, { predictions }, tasks) => void predictions.push(predictionFromEvent(event, tasks)),
  [EVENT_FEEDBACK]: (event, { feedback }) => void feedback.push(feedbackFromEvent(event)),
  [EVENT_DEPLOYMENT]: (event, { deployments }) => void deployments.push(deploymentFromEvent(event)),
}

/** True for the name of an event that is meant for a register. */
export function isEventName(name: unknown): boolean {
  return typeof name === 'string' && Object.hasOwn(READERS, name)
}

/** True for an event that is meant for a register. Never throws. */
export function isOurs(event: LogEvent | null | undefined): event is LogEvent {
  return isEventName(event?.eventName)
}

/** Reads events one by one: a malformed one never harms those beside it. */
export function readBatch(events: readonly LogEvent[], tasks: TaskCatalogue, onMalformed: OnMalformed): Batch {
  const batch: Batch = { predictions: [], feedback: [], deployments: [] }
  for (const event of events) {
    try {
      READERS[event.eventName ?? '']?.(event, batch, tasks)
    } catch (error) {
      onMalformed(GroundtraceError.isInstance(error) ? error.code : 'invalid-event', error)
    }
  }
  return batch
}

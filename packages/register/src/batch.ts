import {
  feedbackFromEvent,
  GroundtraceError,
  predictionFromEvent,
  type Feedback,
  type LogEvent,
  type Prediction,
  type TaskCatalogue,
} from '@groundtrace/core'
import { EVENT_FEEDBACK, EVENT_PREDICTION } from '@groundtrace/core/semconv'

/** What a batch of events says. */
export interface Batch {
  readonly predictions: Prediction[]
  readonly feedback: Feedback[]
}

/** Called for each event that says nothing. */
export type OnMalformed = (reason: string, error: unknown) => void

/** True for the name of an event that is meant for a register. */
export function isEventName(name: unknown): boolean {
  return name === EVENT_PREDICTION || name === EVENT_FEEDBACK
}

/** True for an event that is meant for a register. Never throws. */
export function isOurs(event: LogEvent | null | undefined): event is LogEvent {
  return isEventName(event?.eventName)
}

/** Reads events one by one: a malformed one never harms those beside it. */
export function readBatch(events: readonly LogEvent[], tasks: TaskCatalogue, onMalformed: OnMalformed): Batch {
  const batch: Batch = { predictions: [], feedback: [] }
  for (const event of events) {
    try {
      if (event.eventName === EVENT_PREDICTION) batch.predictions.push(predictionFromEvent(event, tasks))
      else batch.feedback.push(feedbackFromEvent(event))
    } catch (error) {
      onMalformed(GroundtraceError.isInstance(error) ? error.code : 'invalid-event', error)
    }
  }
  return batch
}

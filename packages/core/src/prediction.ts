import { GroundtraceError } from './errors.ts'
import { quote } from './quote.ts'
import { isTask, type Task } from './task.ts'
import { isTime } from './time.ts'
import type { TrackingId } from './tracking-id.ts'
import type { Value } from './value.ts'

/** One feature as a ledger can keep it beside a prediction: what OpenTelemetry calls an attribute value. */
export type FeatureValue = string | number | boolean | readonly string[] | readonly number[] | readonly boolean[]
export type Features = Readonly<Record<string, FeatureValue>>

/** How the service dealt with the prediction, and with what chance it did otherwise. */
export interface Policy {
  /** Variant of an A/B test, as chance drew it; who is treated otherwise for a reason is in a slice. */
  readonly variant?: string
  /** What the service did, or would have done had it not explored: `block`, `pass`, … */
  readonly action?: string
  /** Probability, from 1e-6 to 1, that this prediction was chosen to be explored. */
  readonly propensity?: number
  /** Whether it was chosen: released although the action says otherwise, or audited. */
  readonly explored?: boolean
}

export interface Model {
  readonly name: string
  /** Never reused for other weights. */
  readonly version: string
}

/** One answer of a model: a line of the predictions ledger. */
export interface Prediction {
  readonly id: TrackingId
  readonly task: Task
  readonly model: Model
  /** When it was made: milliseconds since 1970, event time. At most 24 hours ahead of the register's clock. */
  readonly time: number
  /** What the model said. Absent when it failed (see `error`). */
  readonly value?: Value
  /** Score per class, in the model's own unit; probabilities where calibrated. */
  readonly scores?: Readonly<Record<string, number>>
  /** Payload: erasable, kept beside the ledger. */
  readonly features?: Features
  /** Bounded groups to read quality by. */
  readonly slices?: Readonly<Record<string, string>>
  /** Business key: the order, the transaction, the message. */
  readonly entity?: string
  /** Whom the model served, as a pseudonym. Payload: erasable. */
  readonly user?: string
  readonly policy?: Policy
  readonly latencySeconds?: number
  /** `error.type` of a prediction that failed. */
  readonly error?: string
  /** The prediction that this one was made inside of (ensembles, cascades, pipelines); of rows, their call. */
  readonly parent?: TrackingId
  /**
   * The prediction that answers this one's task in its place: the outermost of the same task around it; of rows, their
   * call. Whoever asked sees that one and answers it, so this one, a member, is counted apart. Only together with
   * `parent`. Absent where this prediction answers its task itself, though it may have been made inside of others.
   */
  readonly whole?: TrackingId
}

export function invalidPrediction(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-prediction', `Prediction: ${cause}`, nextStep)
}

/**
 * Guards what is called with predictions that were checked at the edge: the shape only, so that a caller's slip meets a
 * clear error and a checked prediction costs next to nothing.
 * @throws GroundtraceError `invalid-prediction`
 */
export function expectPrediction(prediction: Prediction): void {
  const { id, time, model }: Partial<Prediction> = prediction ?? {}
  if (typeof id !== 'string' || !isTime(time) || typeof model !== 'object' || model === null)
    throw invalidPrediction(`${quote(prediction)} is no prediction`, 'Pass an object of type Prediction')
  if (!isTask(prediction.task)) throw invalidPrediction('its task is no task', 'Pass a task that defineTask made')
}

/** When the prediction closes: milliseconds since 1970. @throws GroundtraceError `invalid-prediction` */
export function horizonOf(prediction: Prediction): number {
  expectPrediction(prediction)
  return prediction.time + prediction.task.horizonSeconds * 1000
}

/** Nobody can answer: the action hid it and it was not explored. @throws GroundtraceError `invalid-prediction` */
export function isUnobservable(prediction: Prediction): boolean {
  expectPrediction(prediction)
  const { task, policy } = prediction
  return policy?.action !== undefined && task.unobservableActions.includes(policy.action) && policy.explored !== true
}

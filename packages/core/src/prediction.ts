import { GroundtraceError } from './errors.ts'
import { quote } from './quote.ts'
import { isName, type Task, type TaskKind, type Value } from './task.ts'
import { isTrackingId, type TrackingId } from './tracking-id.ts'

/** One feature as a ledger can keep it beside a prediction: what OpenTelemetry calls an attribute value. */
export type FeatureValue = string | number | boolean | readonly string[] | readonly number[] | readonly boolean[]
export type Features = Readonly<Record<string, FeatureValue>>

/** How the service dealt with the prediction, and with what chance it did otherwise. */
export interface Policy {
  /** Variant of an A/B test. */
  readonly variant?: string
  /** What the service did, or would have done had it not explored: `block`, `pass`, … */
  readonly action?: string
  /** Probability, in (0, 1], that this prediction was chosen to be explored. */
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
  /** When it was made: milliseconds since 1970, event time. */
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
  /** The prediction this one is a part of (ensembles, cascades, pipelines). */
  readonly parent?: TrackingId
}

/** Longest business key, pseudonym and class label that a ledger keeps. */
export const MAX_KEY_LENGTH = 256

/** When the prediction closes: milliseconds since 1970. */
export function horizonOf(prediction: Prediction): number {
  return prediction.time + prediction.task.horizonSeconds * 1000
}

/** Nobody can answer: the action hid it and it was not explored. */
export function isUnobservable({ task, policy }: Prediction): boolean {
  return policy?.action !== undefined && task.unobservableActions.includes(policy.action) && policy.explored !== true
}

const isClassOf = (task: Task, value: unknown): boolean => isKey(value) && task.classes?.includes(value) !== false
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'string')

const VALUE_CHECKS: Readonly<Record<TaskKind, (task: Task, value: unknown) => boolean>> = {
  binary: isClassOf,
  multiclass: isClassOf,
  regression: (_, value) => Number.isFinite(value),
  ranking: (_, value) => isTexts(value),
  generation: (_, value) => typeof value === 'string',
}

/** True when the value is one that the task can have. */
export function isValueOf(task: Task, value: unknown): value is Value {
  return VALUE_CHECKS[task.kind](task, value)
}

const isPrimitive = (value: unknown): boolean => ['string', 'boolean'].includes(typeof value) || Number.isFinite(value)

function isFeature(value: unknown): boolean {
  if (!Array.isArray(value)) return isPrimitive(value)
  return value.every((item) => typeof item === typeof value[0] && isPrimitive(item))
}

/** True when there is no map, or a map all of whose values pass. */
function isMapOf(map: unknown, passes: (value: unknown) => boolean): boolean {
  if (map === undefined) return true
  return typeof map === 'object' && map !== null && !Array.isArray(map) && Object.values(map).every(passes)
}

type Fault = readonly [cause: string, nextStep: string]

const inUnit = (value: number): boolean => value > 0 && value <= 1

/** One check a row: what must hold of a prediction, what is wrong otherwise, and what to do. */
const CHECKS: readonly (readonly [
  holds: (p: Prediction) => boolean,
  cause: (p: Prediction) => string,
  nextStep: string,
])[] = [
  [
    (p) => isTrackingId(p.id),
    (p) => `id ${quote(p.id)} is not a tracking ID`,
    'Pass the ID that formatTrackingId made',
  ],
  [(p) => Number.isFinite(p.time), (p) => `time ${quote(p.time)} is no time`, 'Pass milliseconds since 1970'],
  [
    (p) => isName(p.model?.name),
    (p) => `model name ${quote(p.model?.name)} is not a bounded word`,
    'Use 1 to 64 letters, digits, dots, hyphens or underscores',
  ],
  [
    (p) => isName(p.model?.version),
    (p) => `model version ${quote(p.model?.version)} is not a bounded word`,
    'Use 1 to 64 letters, digits, dots, hyphens or underscores',
  ],
  [
    (p) => p.value !== undefined || p.error !== undefined,
    () => 'neither value nor error is given',
    'Say what the model answered or how it failed',
  ],
  [
    (p) => p.value === undefined || isValueOf(p.task, p.value),
    (p) => `${quote(p.value)} is not a value of ${p.task.kind} task ${p.task.name}`,
    'Pass one of its classes, or a value of its kind',
  ],
  [
    (p) => isMapOf(p.scores, Number.isFinite),
    () => 'scores is not a map of finite numbers',
    'Leave out scores that the model did not give',
  ],
  [
    (p) => isMapOf(p.features, isFeature),
    () => 'a feature is not a text, a finite number, a truth value or a flat array of one of them',
    'Flatten features before they are tracked',
  ],
  [
    (p) => isMapOf(p.slices, isKey),
    () => 'slices is not a map of short texts',
    `Name each slice with 1 to ${MAX_KEY_LENGTH} characters`,
  ],
  [
    (p) => p.entity === undefined || isKey(p.entity),
    () => 'entity is empty or too long',
    `Pass a text of 1 to ${MAX_KEY_LENGTH} characters`,
  ],
  [
    (p) => p.user === undefined || isKey(p.user),
    () => 'user is empty or too long',
    `Pass a pseudonym of 1 to ${MAX_KEY_LENGTH} characters`,
  ],
  [
    (p) => p.policy?.propensity === undefined || inUnit(p.policy.propensity),
    (p) => `propensity ${quote(p.policy?.propensity)} is not in (0, 1]`,
    'Log the probability with which this prediction was chosen',
  ],
  [
    (p) => p.policy?.explored !== true || p.policy.propensity !== undefined,
    () => 'it was explored without a propensity',
    'Log the probability with which it was chosen: without it no estimate is honest',
  ],
  [
    (p) => p.latencySeconds === undefined || p.latencySeconds >= 0,
    (p) => `latencySeconds ${quote(p.latencySeconds)} is not a number from 0`,
    'Measure with a monotonic clock',
  ],
  [
    (p) => p.error === undefined || isKey(p.error),
    () => 'error is empty or too long',
    'Pass the class of the error, not its message',
  ],
  [
    (p) => p.parent === undefined || (isTrackingId(p.parent) && p.parent !== p.id),
    () => 'parent is not another tracking ID',
    'Pass the ID of the prediction that this one is a part of',
  ],
]

/** True for a key that a ledger can keep. */
export function isKey(text: unknown): text is string {
  return typeof text === 'string' && text.length > 0 && text.length <= MAX_KEY_LENGTH
}

function faultOf(prediction: Prediction): Fault | undefined {
  const row = CHECKS.find(([holds]) => !holds(prediction))
  return row === undefined ? undefined : [row[1](prediction), row[2]]
}

/**
 * Checks a prediction once, at the edge; behind it nothing checks again.
 * @throws GroundtraceError `invalid-prediction`
 */
export function checkedPrediction(prediction: Prediction): Prediction {
  if (typeof prediction !== 'object' || prediction === null) {
    throw new GroundtraceError(
      'invalid-prediction',
      `${quote(prediction)} is no prediction`,
      'Pass an object of type Prediction',
    )
  }
  const fault = faultOf(prediction)
  if (fault !== undefined) throw new GroundtraceError('invalid-prediction', `Prediction: ${fault[0]}`, fault[1])
  return prediction
}

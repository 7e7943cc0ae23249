import { GroundtraceError } from './errors.ts'
import { checkedFeedback, type Feedback, type FeedbackKind, type FeedbackTarget } from './feedback.ts'
import { checkedPrediction, type Policy, type Prediction } from './prediction.ts'
import { quote } from './quote.ts'
import * as semconv from './semconv.ts'
import { defineTask, type Task, type TaskKind } from './task.ts'

/** Seconds since 1970 and nanoseconds within the second, as OpenTelemetry's SDKs hold time. */
export type HrTime = readonly [seconds: number, nanoseconds: number]

/** One OpenTelemetry log event: the part of every OpenTelemetry SDK's readable log record that we read. */
export interface LogEvent {
  readonly eventName?: string | undefined
  readonly hrTime: HrTime
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Takes events as they are emitted; a log record processor of any OpenTelemetry SDK. None of its methods throws. */
export interface EventProcessor {
  onEmit(event: LogEvent): void
  /** Resolves when everything emitted so far is where it should be. */
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

const NANOSECONDS = 1e6

/** Milliseconds since 1970 as OpenTelemetry's time. */
export function toHrTime(milliseconds: number): HrTime {
  const seconds = Math.floor(milliseconds / 1000)
  return [seconds, Math.round((milliseconds - seconds * 1000) * NANOSECONDS)]
}

/** OpenTelemetry's time as milliseconds since 1970. */
export function fromHrTime([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + nanoseconds / NANOSECONDS
}

/** The tasks that a reader of events knows, by name. */
export type TaskCatalogue = ReadonlyMap<string, Task>

/** The tasks by name. @throws GroundtraceError `invalid-task` when two share a name */
export function taskCatalogue(tasks: readonly Task[]): TaskCatalogue {
  const catalogue = new Map(tasks.map((task) => [task.name, task]))
  if (catalogue.size !== tasks.length) {
    throw new GroundtraceError('invalid-task', 'Two tasks share a name', 'Declare every task once')
  }
  return catalogue
}

type Attributes = Record<string, unknown>
type Entry<T> = readonly [attribute: string, read: (subject: T) => unknown]

/** What a prediction says, attribute by attribute. */
const PREDICTION_ATTRIBUTES: readonly Entry<Prediction>[] = [
  [semconv.ATTR_TRACKING_ID, (p) => p.id],
  [semconv.ATTR_TASK_NAME, (p) => p.task.name],
  [semconv.ATTR_TASK_KIND, (p) => p.task.kind],
  [semconv.ATTR_TASK_CLASSES, (p) => p.task.classes],
  [semconv.ATTR_MODEL_NAME, (p) => p.model.name],
  [semconv.ATTR_MODEL_VERSION, (p) => p.model.version],
  [semconv.ATTR_PREDICTION_VALUE, (p) => p.value],
  [semconv.ATTR_PREDICTION_SCORES, (p) => p.scores],
  [semconv.ATTR_PREDICTION_FEATURES, (p) => p.features],
  [semconv.ATTR_PREDICTION_SLICES, (p) => p.slices],
  [semconv.ATTR_ENTITY, (p) => p.entity],
  [semconv.ATTR_ENDUSER_PSEUDO_ID, (p) => p.user],
  [semconv.ATTR_POLICY_VARIANT, (p) => p.policy?.variant],
  [semconv.ATTR_POLICY_ACTION, (p) => p.policy?.action],
  [semconv.ATTR_POLICY_PROPENSITY, (p) => p.policy?.propensity],
  [semconv.ATTR_POLICY_EXPLORED, (p) => p.policy?.explored],
  [semconv.ATTR_PREDICTION_LATENCY, (p) => p.latencySeconds],
  [semconv.ATTR_ERROR_TYPE, (p) => p.error],
  [semconv.ATTR_PREDICTION_PARENT, (p) => p.parent],
]

/** What each kind of feedback says beside the common part: attribute and field. */
const ANSWER_ATTRIBUTES: Readonly<Record<FeedbackKind, readonly (readonly [attribute: string, field: string])[]>> = {
  rating: [[semconv.ATTR_FEEDBACK_RIGHT, 'right']],
  stars: [[semconv.ATTR_FEEDBACK_STARS, 'stars']],
  correction: [[semconv.ATTR_FEEDBACK_LABEL, 'label']],
  annotation: [
    [semconv.ATTR_FEEDBACK_LABEL, 'label'],
    [semconv.ATTR_FEEDBACK_BY, 'by'],
    [semconv.ATTR_FEEDBACK_POSTERIOR, 'posterior'],
    [semconv.ATTR_FEEDBACK_METHOD, 'method'],
  ],
  outcome: [[semconv.ATTR_FEEDBACK_LABEL, 'label']],
  acceptance: [[semconv.ATTR_FEEDBACK_EDIT_RATE, 'editRate']],
  action: [
    [semconv.ATTR_FEEDBACK_ACTION, 'action'],
    [semconv.ATTR_FEEDBACK_ITEM, 'item'],
  ],
  'no-action': [],
  harm: [[semconv.ATTR_FEEDBACK_REPORT, 'report']],
  retraction: [[semconv.ATTR_FEEDBACK_RETRACTS, 'retracts']],
}

const FEEDBACK_ATTRIBUTES: readonly (readonly [attribute: string, field: string])[] = [
  [semconv.ATTR_FEEDBACK_ID, 'id'],
  [semconv.ATTR_FEEDBACK_KIND, 'kind'],
  [semconv.ATTR_FEEDBACK_SOURCE, 'source'],
  [semconv.ATTR_FEEDBACK_SUPERSEDES, 'supersedes'],
  [semconv.ATTR_ENDUSER_PSEUDO_ID, 'user'],
  [semconv.ATTR_FEEDBACK_COMMENT, 'comment'],
  [semconv.ATTR_FEEDBACK_PROPENSITY, 'propensity'],
]

/** A prediction as the event that carries it. */
export function predictionEvent(prediction: Prediction): LogEvent {
  const attributes: Attributes = {}
  for (const [attribute, read] of PREDICTION_ATTRIBUTES) {
    const value = read(prediction)
    if (value !== undefined) attributes[attribute] = value
  }
  return { eventName: semconv.EVENT_PREDICTION, hrTime: toHrTime(prediction.time), attributes }
}

/** A feedback as the event that carries it. */
export function feedbackEvent(feedback: Feedback): LogEvent {
  const attributes: Attributes = {}
  const fields = feedback as unknown as Attributes
  for (const [attribute, field] of [...FEEDBACK_ATTRIBUTES, ...ANSWER_ATTRIBUTES[feedback.kind]]) {
    if (fields[field] !== undefined) attributes[attribute] = fields[field]
  }
  const { target } = feedback
  if ('prediction' in target) attributes[semconv.ATTR_TRACKING_ID] = target.prediction
  else {
    attributes[semconv.ATTR_ENTITY] = target.entity
    attributes[semconv.ATTR_TASK_NAME] = target.task
  }
  return { eventName: semconv.EVENT_FEEDBACK, hrTime: toHrTime(feedback.time), attributes }
}

function invalid(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-event', cause, nextStep)
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An attribute that must be a map, when it is there. */
function mapOf(attributes: LogEvent['attributes'], name: string): Readonly<Record<string, unknown>> | undefined {
  const value = attributes[name]
  if (value === undefined) return undefined
  if (!isMap(value))
    throw invalid(`Attribute ${name} is not a map`, `Send ${name} as a map of key and value, or leave it out`)
  return value
}

function taskOf(attributes: LogEvent['attributes'], tasks: TaskCatalogue): Task {
  const name = attributes[semconv.ATTR_TASK_NAME]
  const kind = attributes[semconv.ATTR_TASK_KIND]
  const declared = tasks.get(name as string)
  if (declared === undefined) {
    const classes = attributes[semconv.ATTR_TASK_CLASSES]
    return defineTask({
      name: name as string,
      kind: kind as TaskKind,
      ...(classes === undefined ? {} : { classes: classes as string[] }),
    })
  }
  if (kind !== undefined && kind !== declared.kind) {
    throw invalid(
      `Task ${quote(name)} is declared as ${declared.kind} and was sent as ${quote(kind)}`,
      'Declare the task alike on both sides',
    )
  }
  return declared
}

function policyOf(attributes: LogEvent['attributes']): Policy | undefined {
  const policy = {
    variant: attributes[semconv.ATTR_POLICY_VARIANT],
    action: attributes[semconv.ATTR_POLICY_ACTION],
    propensity: attributes[semconv.ATTR_POLICY_PROPENSITY],
    explored: attributes[semconv.ATTR_POLICY_EXPLORED],
  }
  return Object.values(policy).every((value) => value === undefined) ? undefined : (present(policy) as Policy)
}

/** The fields that have a value. */
function present<T extends Record<string, unknown>>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

/**
 * Reads the prediction an event carries. Tasks that are not in the catalogue are taken as the event describes them, with
 * the defaults of `defineTask`.
 * @throws GroundtraceError `invalid-event`, `invalid-task` or `invalid-prediction`
 */
export function predictionFromEvent(event: LogEvent, tasks: TaskCatalogue): Prediction {
  const { attributes } = event
  const task = taskOf(attributes, tasks)
  const prediction = present({
    id: attributes[semconv.ATTR_TRACKING_ID],
    task,
    model: { name: attributes[semconv.ATTR_MODEL_NAME], version: attributes[semconv.ATTR_MODEL_VERSION] },
    time: fromHrTime(event.hrTime),
    value: attributes[semconv.ATTR_PREDICTION_VALUE],
    scores: mapOf(attributes, semconv.ATTR_PREDICTION_SCORES),
    features: mapOf(attributes, semconv.ATTR_PREDICTION_FEATURES),
    slices: mapOf(attributes, semconv.ATTR_PREDICTION_SLICES),
    entity: attributes[semconv.ATTR_ENTITY],
    user: attributes[semconv.ATTR_ENDUSER_PSEUDO_ID],
    policy: policyOf(attributes),
    latencySeconds: attributes[semconv.ATTR_PREDICTION_LATENCY],
    error: attributes[semconv.ATTR_ERROR_TYPE],
    parent: attributes[semconv.ATTR_PREDICTION_PARENT],
  })
  return checkedPrediction(prediction as unknown as Prediction)
}

function targetOf(attributes: LogEvent['attributes']): FeedbackTarget {
  const prediction = attributes[semconv.ATTR_TRACKING_ID]
  const target =
    prediction === undefined
      ? { entity: attributes[semconv.ATTR_ENTITY], task: attributes[semconv.ATTR_TASK_NAME] }
      : { prediction }
  return target as FeedbackTarget
}

/** Reads the feedback an event carries. @throws GroundtraceError `invalid-feedback` */
export function feedbackFromEvent(event: LogEvent): Feedback {
  const { attributes } = event
  const kind = attributes[semconv.ATTR_FEEDBACK_KIND] as FeedbackKind
  const fields = [...FEEDBACK_ATTRIBUTES, ...(Object.hasOwn(ANSWER_ATTRIBUTES, kind) ? ANSWER_ATTRIBUTES[kind] : [])]
  const named = Object.fromEntries(fields.map(([attribute, field]) => [field, attributes[attribute]]))
  const feedback = present({ ...named, target: targetOf(attributes), time: fromHrTime(event.hrTime) })
  return checkedFeedback(feedback as unknown as Feedback)
}

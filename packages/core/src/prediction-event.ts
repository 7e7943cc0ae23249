import { GroundtraceError } from './errors.ts'
import { checkedPrediction } from './checked-prediction.ts'
import { invalidEvent, openedEvent, present, type Attributes, type LogEvent } from './event.ts'
import { isRecord } from './plain.ts'
import { expectPrediction, type Policy, type Prediction } from './prediction.ts'
import { quote } from './quote.ts'
import * as semconv from './semconv.ts'
import { defineTask, type Task, type TaskDefinition } from './task.ts'
import type { TaskCatalogue } from './task-catalogue.ts'
import { toHrTime } from './time.ts'

/** What a prediction says, attribute by attribute. */
const PREDICTION_ATTRIBUTES: readonly (readonly [attribute: string, read: (prediction: Prediction) => unknown])[] = [
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
  [semconv.ATTR_PREDICTION_WHOLE, (p) => p.whole],
]

/**
 * A prediction as the event that carries it.
 * @throws GroundtraceError `invalid-prediction` for what is none; its fields are checked by who reads the event
 */
export function predictionEvent(prediction: Prediction): LogEvent {
  expectPrediction(prediction)
  const attributes: Record<string, unknown> = {}
  for (const [attribute, read] of PREDICTION_ATTRIBUTES) {
    const value = read(prediction)
    if (value !== undefined) attributes[attribute] = value
  }
  return { eventName: semconv.EVENT_PREDICTION, hrTime: toHrTime(prediction.time), attributes }
}

/** An attribute that must be a map, when it is there. */
function mapOf(attributes: Attributes, name: string): Attributes | undefined {
  const value = attributes[name]
  if (value === undefined) return undefined
  if (!isRecord(value))
    throw invalidEvent(`Attribute ${name} is not a map`, `Send ${name} as a map of key and value, or leave it out`)
  return value
}

/** The declared task, or the one that the event describes. */
function taskOf(attributes: Attributes, tasks: TaskCatalogue): Task {
  const name = attributes[semconv.ATTR_TASK_NAME]
  const kind = attributes[semconv.ATTR_TASK_KIND]
  const declared = tasks.get(name as string)
  if (declared === undefined) {
    const classes = attributes[semconv.ATTR_TASK_CLASSES]
    return defineTask(present({ name, kind, classes }) as unknown as TaskDefinition)
  }
  if (kind !== undefined && kind !== declared.kind) {
    throw invalidEvent(
      `Task ${quote(name)} is declared as ${declared.kind} and was sent as ${quote(kind)}`,
      'Declare the task alike on both sides',
    )
  }
  return declared
}

function policyOf(attributes: Attributes): Policy | undefined {
  const policy = {
    variant: attributes[semconv.ATTR_POLICY_VARIANT],
    action: attributes[semconv.ATTR_POLICY_ACTION],
    propensity: attributes[semconv.ATTR_POLICY_PROPENSITY],
    explored: attributes[semconv.ATTR_POLICY_EXPLORED],
  }
  return Object.values(policy).every((value) => value === undefined) ? undefined : (present(policy) as Policy)
}

/**
 * Reads the prediction an event carries. Tasks that are not in the catalogue are taken as the event describes them, with
 * the defaults of `defineTask`.
 * @throws GroundtraceError `invalid-event`, `invalid-task` or `invalid-prediction`; `invalid-argument` without a catalogue
 */
export function predictionFromEvent(event: LogEvent, tasks: TaskCatalogue): Prediction {
  if (typeof tasks?.get !== 'function') {
    throw new GroundtraceError('invalid-argument', `${quote(tasks)} is no task catalogue`, 'Make it with taskCatalogue')
  }
  const { attributes, time } = openedEvent(event)
  const prediction = present({
    id: attributes[semconv.ATTR_TRACKING_ID],
    task: taskOf(attributes, tasks),
    model: { name: attributes[semconv.ATTR_MODEL_NAME], version: attributes[semconv.ATTR_MODEL_VERSION] },
    time,
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
    whole: attributes[semconv.ATTR_PREDICTION_WHOLE],
  })
  return checkedPrediction(Object.freeze(prediction) as unknown as Prediction)
}

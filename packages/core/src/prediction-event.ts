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

/**
 * A prediction as the event that carries it; its attributes are frozen.
 * @throws GroundtraceError `invalid-prediction` for what is none; its fields are checked by who reads the event
 */
export function predictionEvent(prediction: Prediction): LogEvent {
  expectPrediction(prediction)
  const { id, task, model, time, policy } = prediction
  // Statement by statement, with the absent left out: every prediction pays for it, and a table costs ten times as much.
  const attributes: Record<string, unknown> = {}
  attributes[semconv.ATTR_TRACKING_ID] = id
  attributes[semconv.ATTR_TASK_NAME] = task.name
  attributes[semconv.ATTR_TASK_KIND] = task.kind
  if (task.classes !== undefined) attributes[semconv.ATTR_TASK_CLASSES] = task.classes
  attributes[semconv.ATTR_MODEL_NAME] = model.name
  attributes[semconv.ATTR_MODEL_VERSION] = model.version
  if (prediction.value !== undefined) attributes[semconv.ATTR_PREDICTION_VALUE] = prediction.value
  if (prediction.scores !== undefined) attributes[semconv.ATTR_PREDICTION_SCORES] = prediction.scores
  if (prediction.features !== undefined) attributes[semconv.ATTR_PREDICTION_FEATURES] = prediction.features
  if (prediction.slices !== undefined) attributes[semconv.ATTR_PREDICTION_SLICES] = prediction.slices
  if (prediction.entity !== undefined) attributes[semconv.ATTR_ENTITY] = prediction.entity
  if (prediction.user !== undefined) attributes[semconv.ATTR_ENDUSER_PSEUDO_ID] = prediction.user
  if (policy?.variant !== undefined) attributes[semconv.ATTR_POLICY_VARIANT] = policy.variant
  if (policy?.action !== undefined) attributes[semconv.ATTR_POLICY_ACTION] = policy.action
  if (policy?.propensity !== undefined) attributes[semconv.ATTR_POLICY_PROPENSITY] = policy.propensity
  if (policy?.explored !== undefined) attributes[semconv.ATTR_POLICY_EXPLORED] = policy.explored
  if (prediction.latencySeconds !== undefined) attributes[semconv.ATTR_PREDICTION_LATENCY] = prediction.latencySeconds
  if (prediction.error !== undefined) attributes[semconv.ATTR_ERROR_TYPE] = prediction.error
  if (prediction.parent !== undefined) attributes[semconv.ATTR_PREDICTION_PARENT] = prediction.parent
  if (prediction.whole !== undefined) attributes[semconv.ATTR_PREDICTION_WHOLE] = prediction.whole
  return { eventName: semconv.EVENT_PREDICTION, hrTime: toHrTime(time), attributes: Object.freeze(attributes) }
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

import { checkedFeedback } from './checked-feedback.ts'
import { openedEvent, present, type Attributes, type LogEvent } from './event.ts'
import { expectFeedback, type Feedback, type FeedbackKind, type FeedbackTarget } from './feedback.ts'
import * as semconv from './semconv.ts'
import { toHrTime } from './time.ts'

type Fields = readonly (readonly [attribute: string, field: string])[]

/** What each kind of feedback says beside the common part: attribute and field. */
const ANSWER_ATTRIBUTES: Readonly<Record<FeedbackKind, Fields>> = {
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

/** What every feedback says, but for time and target. */
const COMMON_ATTRIBUTES: Fields = [
  [semconv.ATTR_FEEDBACK_ID, 'id'],
  [semconv.ATTR_FEEDBACK_KIND, 'kind'],
  [semconv.ATTR_FEEDBACK_SOURCE, 'source'],
  [semconv.ATTR_FEEDBACK_SUPERSEDES, 'supersedes'],
  [semconv.ATTR_ENDUSER_PSEUDO_ID, 'user'],
  [semconv.ATTR_FEEDBACK_COMMENT, 'comment'],
  [semconv.ATTR_FEEDBACK_PROPENSITY, 'propensity'],
]

function fieldsOf(kind: unknown): Fields {
  const isKnown = typeof kind === 'string' && Object.hasOwn(ANSWER_ATTRIBUTES, kind)
  return isKnown ? [...COMMON_ATTRIBUTES, ...ANSWER_ATTRIBUTES[kind as FeedbackKind]] : COMMON_ATTRIBUTES
}

/**
 * A feedback as the event that carries it.
 * @throws GroundtraceError `invalid-feedback` for what is none; its fields are checked by who reads the event
 */
export function feedbackEvent(feedback: Feedback): LogEvent {
  expectFeedback(feedback)
  const { target, time, kind } = feedback
  const fields = feedback as unknown as Attributes
  const about =
    'prediction' in target
      ? { [semconv.ATTR_TRACKING_ID]: target.prediction }
      : { [semconv.ATTR_ENTITY]: target.entity, [semconv.ATTR_TASK_NAME]: target.task }
  const named = Object.fromEntries(fieldsOf(kind).map(([attribute, field]) => [attribute, fields[field]]))
  return { eventName: semconv.EVENT_FEEDBACK, hrTime: toHrTime(time), attributes: present({ ...named, ...about }) }
}

function targetOf(attributes: Attributes): FeedbackTarget {
  const prediction = attributes[semconv.ATTR_TRACKING_ID]
  const target =
    prediction === undefined
      ? { entity: attributes[semconv.ATTR_ENTITY], task: attributes[semconv.ATTR_TASK_NAME] }
      : { prediction }
  return target as FeedbackTarget
}

/** Reads the feedback an event carries. @throws GroundtraceError `invalid-event` or `invalid-feedback` */
export function feedbackFromEvent(event: LogEvent): Feedback {
  const { attributes, time } = openedEvent(event)
  const kind = attributes[semconv.ATTR_FEEDBACK_KIND]
  const named = Object.fromEntries(fieldsOf(kind).map(([attribute, field]) => [field, attributes[attribute]]))
  return checkedFeedback(present({ ...named, target: targetOf(attributes), time }) as unknown as Feedback)
}

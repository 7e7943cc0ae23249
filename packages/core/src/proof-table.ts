import { expectFeedback, type Feedback } from './feedback.ts'
import type { TaskKind } from './task.ts'

/** Whose word holds when they disagree, strongest first. */
export const AUTHORITIES = ['expert', 'outcome', 'crowd', 'correction', 'rating', 'silence'] as const
export type Authority = (typeof AUTHORITIES)[number]

/** The forms a feedback comes in: its kind, told apart further where that changes what it proves. */
export const FEEDBACK_FORMS = [
  'rated-right',
  'rated-wrong',
  'stars-low',
  'stars-middle',
  'stars-high',
  'correction',
  'annotation-crowd',
  'annotation-expert',
  'outcome',
  'acceptance',
  'action',
  'no-action',
  'silence',
  'harm',
  'retraction',
] as const
export type FeedbackForm = (typeof FEEDBACK_FORMS)[number]

/** What a form proves for a kind of task; a cell of the table. */
export type Rule =
  /** Truth is what was predicted. */
  | 'predicted'
  /** Truth is the other of two classes; where the two are not known, the predicted one is ruled out. */
  | 'other-class'
  /** The predicted class is ruled out; the truth stays unknown. */
  | 'rules-out'
  /** The truth is within the task's tolerance of the predicted value; the value stays unknown. */
  | 'within-tolerance'
  /** The truth is further off than the task's tolerance; the value stays unknown. */
  | 'outside-tolerance'
  /** Truth is the label given. */
  | 'given'
  /** Truth is the class the task declares for silence. */
  | 'declared'
  /** Relevant or preferred: one side of a pair. */
  | 'preferred'
  /** Not preferred: the other side of a pair, no example alone. */
  | 'rejected'
  /** A weak sign for the predicted value, weighed by the field's edit rate. */
  | 'weak'
  /** Positive for the item or class, of use only aggregated over many users. */
  | 'aggregate'
  /** It was seen. Never a negative. */
  | 'exposure'
  /** Escalated, never trained on. */
  | 'escalates'
  /** Said, counted, and of no use for the truth. */
  | 'not-actionable'
  /** Not a thing this task can be told. */
  | 'nothing'

export type Row = Readonly<Record<TaskKind, Rule>> & {
  readonly authority?: Authority
  /** Somebody objected: whatever else it proves, the prediction was not met with silence. */
  readonly disputes?: true
}

const every = (rule: Rule): Record<TaskKind, Rule> => ({
  binary: rule,
  multiclass: rule,
  regression: rule,
  ranking: rule,
  generation: rule,
})

const RIGHT = {
  binary: 'predicted',
  multiclass: 'predicted',
  regression: 'within-tolerance',
  ranking: 'preferred',
  generation: 'preferred',
  authority: 'rating',
} as const
const WRONG = {
  binary: 'other-class',
  multiclass: 'rules-out',
  regression: 'outside-tolerance',
  ranking: 'rejected',
  generation: 'rejected',
  authority: 'rating',
  disputes: true,
} as const

/** “What a feedback proves”, row by row. */
export const PROOF_TABLE: Readonly<Record<FeedbackForm, Row>> = {
  'rated-right': RIGHT,
  'rated-wrong': WRONG,
  'stars-low': WRONG,
  'stars-middle': every('not-actionable'),
  'stars-high': RIGHT,
  correction: { ...every('given'), authority: 'correction', disputes: true },
  'annotation-crowd': { ...every('given'), authority: 'crowd' },
  'annotation-expert': { ...every('given'), authority: 'expert' },
  outcome: { ...every('given'), authority: 'outcome' },
  acceptance: every('weak'),
  action: {
    binary: 'aggregate',
    multiclass: 'aggregate',
    regression: 'nothing',
    ranking: 'aggregate',
    generation: 'aggregate',
  },
  'no-action': {
    binary: 'exposure',
    multiclass: 'exposure',
    regression: 'nothing',
    ranking: 'exposure',
    generation: 'exposure',
  },
  silence: {
    binary: 'declared',
    multiclass: 'declared',
    regression: 'nothing',
    ranking: 'nothing',
    generation: 'nothing',
    authority: 'silence',
  },
  harm: { ...every('escalates'), disputes: true },
  retraction: every('nothing'),
}

function formOfChecked(feedback: Feedback): FeedbackForm {
  switch (feedback.kind) {
    case 'rating':
      return feedback.right ? 'rated-right' : 'rated-wrong'
    case 'stars':
      return feedback.stars < 3 ? 'stars-low' : feedback.stars > 3 ? 'stars-high' : 'stars-middle'
    case 'annotation':
      return feedback.by === 'expert' ? 'annotation-expert' : 'annotation-crowd'
    default:
      return feedback.kind
  }
}

/** The form of a feedback. @throws GroundtraceError `invalid-feedback` */
export function formOf(feedback: Feedback): FeedbackForm {
  expectFeedback(feedback)
  return formOfChecked(feedback)
}

/** The row of the table that a checked feedback reads. */
export function rowOf(feedback: Feedback): Row {
  return PROOF_TABLE[formOfChecked(feedback)]
}

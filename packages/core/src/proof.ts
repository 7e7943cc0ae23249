import { GroundtraceError } from './errors.ts'
import type { Feedback } from './feedback.ts'
import { isUnobservable, isValueOf, type Prediction } from './prediction.ts'
import { quote } from './quote.ts'
import type { TaskKind, Value } from './task.ts'

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
  /** Truth is the other of two classes. */
  | 'other-class'
  /** The predicted class is ruled out; the truth stays unknown. */
  | 'rules-out'
  /** The truth is within the task's tolerance of the predicted value; the value stays unknown. */
  | 'within-tolerance'
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

type Row = Readonly<Record<TaskKind, Rule>> & {
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
  regression: 'not-actionable',
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

/** What one feedback says about the truth of one prediction. */
export type Proof =
  /** The truth is `label`. `held`: it comes from somebody who gains from it and waits for confirmation. */
  | { readonly proves: 'truth'; readonly label: Value; readonly authority: Authority; readonly held: boolean }
  | { readonly proves: 'ruled-out'; readonly label: Value; readonly authority: Authority }
  | { readonly proves: 'within-tolerance'; readonly authority: Authority }
  | { readonly proves: 'preference'; readonly preferred: boolean }
  /** `weight` in [0, 1] is the measured edit rate of the field: nobody edits, acceptance says nothing. Absent: not measured. */
  | { readonly proves: 'weak'; readonly label: Value; readonly weight: number | undefined }
  | { readonly proves: 'aggregate'; readonly item: string | undefined }
  | { readonly proves: 'exposure' }
  | {
      readonly proves: 'nothing'
      readonly reason:
        | 'not-actionable'
        | 'not-for-this-task'
        | 'escalated'
        | 'prediction-failed'
        | 'class-unknown'
        | 'label-unfit'
    }

/** The form of a feedback. */
export function formOf(feedback: Feedback): FeedbackForm {
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

/** Somebody objected to the prediction with this. */
export function disputes(feedback: Feedback): boolean {
  return PROOF_TABLE[formOf(feedback)].disputes === true
}

const nothing = (reason: (Proof & { proves: 'nothing' })['reason']): Proof => ({ proves: 'nothing', reason })

function otherClass({ task, value, scores }: Prediction): string | undefined {
  const classes = task.classes ?? (scores === undefined ? [] : Object.keys(scores))
  return classes.length === 2 && classes.includes(value as string)
    ? classes.find((label) => label !== value)
    : undefined
}

/** One function a rule. */
const READ: Readonly<
  Record<Rule, (prediction: Prediction & { value: Value }, feedback: Feedback, authority: Authority) => Proof>
> = {
  predicted: ({ value }, _, authority) => ({ proves: 'truth', label: value, authority, held: false }),
  'other-class': (prediction, _, authority) => {
    const label = otherClass(prediction)
    return label === undefined ? nothing('class-unknown') : { proves: 'truth', label, authority, held: false }
  },
  'rules-out': ({ value }, _, authority) => ({ proves: 'ruled-out', label: value, authority }),
  'within-tolerance': (_prediction, _, authority) => ({ proves: 'within-tolerance', authority }),
  given: ({ task }, feedback, authority) => {
    if (!('label' in feedback)) return nothing('label-unfit')
    if (!isValueOf(task, feedback.label)) return nothing('label-unfit')
    const held = feedback.kind === 'correction' && task.gainfulSources.includes(feedback.source)
    return { proves: 'truth', label: feedback.label, authority, held }
  },
  declared: () => nothing('not-for-this-task'),
  preferred: () => ({ proves: 'preference', preferred: true }),
  rejected: () => ({ proves: 'preference', preferred: false }),
  weak: ({ value }, feedback) => ({
    proves: 'weak',
    label: value,
    weight: feedback.kind === 'acceptance' ? feedback.editRate : undefined,
  }),
  aggregate: (_, feedback) => ({ proves: 'aggregate', item: feedback.kind === 'action' ? feedback.item : undefined }),
  exposure: () => ({ proves: 'exposure' }),
  escalates: () => nothing('escalated'),
  'not-actionable': () => nothing('not-actionable'),
  nothing: () => nothing('not-for-this-task'),
}

/** Rules that speak of the predicted value, which a failed prediction does not have. */
const NEEDS_VALUE: ReadonlySet<Rule> = new Set([
  'predicted',
  'other-class',
  'rules-out',
  'within-tolerance',
  'preferred',
  'rejected',
  'weak',
  'aggregate',
])

/**
 * What a feedback proves of a prediction: the table above, read for one pair. Pure; looks at nothing else, so it does
 * not know of retractions or of what others said (see `resolve`).
 * @throws GroundtraceError `invalid-argument` when the feedback names another prediction
 */
export function proves(prediction: Prediction, feedback: Feedback): Proof {
  const { target } = feedback
  if ('prediction' in target && target.prediction !== prediction.id) {
    throw new GroundtraceError(
      'invalid-argument',
      `Feedback ${quote(feedback.id)} is about ${quote(target.prediction)}, not about ${quote(prediction.id)}`,
      'Pass a prediction together with feedback on that prediction',
    )
  }
  const row = PROOF_TABLE[formOf(feedback)]
  const rule = row[prediction.task.kind]
  if (prediction.value === undefined && NEEDS_VALUE.has(rule)) return nothing('prediction-failed')
  return READ[rule](prediction as Prediction & { value: Value }, feedback, row.authority ?? 'rating')
}

/** What silence until the horizon proves: the declared class, where the task declares one and somebody could have answered. */
export function silenceProves(prediction: Prediction): Proof {
  const { kind, silence } = prediction.task
  if (PROOF_TABLE.silence[kind] !== 'declared' || silence === undefined || isUnobservable(prediction))
    return nothing('not-for-this-task')
  return { proves: 'truth', label: silence, authority: 'silence', held: false }
}

/** Why this feedback can't be about this prediction, in words: cause and next step. Undefined when it fits. */
export function unfit(prediction: Prediction, feedback: Feedback): string | undefined {
  if (!('label' in feedback) || isValueOf(prediction.task, feedback.label)) return undefined
  const { kind, name, classes } = prediction.task
  const expected = classes === undefined ? `a value of a ${kind} task` : `one of ${classes.join(', ')}`
  return `Label ${quote(feedback.label)} is no value of task ${name}. Send ${expected}.`
}

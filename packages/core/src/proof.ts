import { GroundtraceError } from './errors.ts'
import { expectFeedback, type Feedback } from './feedback.ts'
import { expectPrediction, isUnobservable, type Prediction } from './prediction.ts'
import { PROOF_TABLE, rowOf, type Authority, type Rule } from './proof-table.ts'
import { expectedValue } from './expected-value.ts'
import { quote } from './quote.ts'
import { isValueOf, type Value } from './value.ts'

/** What one feedback says about the truth of one prediction. */
export type Proof =
  /** The truth is `label`. `held`: it comes from somebody who gains from it and waits for confirmation. */
  | { readonly proves: 'truth'; readonly label: Value; readonly authority: Authority; readonly held: boolean }
  | { readonly proves: 'ruled-out'; readonly label: Value; readonly authority: Authority }
  | { readonly proves: 'within-tolerance'; readonly authority: Authority }
  | { readonly proves: 'outside-tolerance'; readonly authority: Authority }
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
        | 'label-unfit'
        | 'of-a-member'
    }

const nothing = (reason: (Proof & { proves: 'nothing' })['reason']): Proof => ({ proves: 'nothing', reason })

type Answered = Prediction & { readonly value: Value }

const ruledOut = ({ value }: Answered, authority: Authority): Proof => ({
  proves: 'ruled-out',
  label: value,
  authority,
})

/** The other of two classes, declared with the task or known from the scores. */
function otherClass({ task, value, scores }: Answered): string | undefined {
  const classes = task.classes ?? Object.keys(scores ?? {})
  if (classes.length !== 2 || !classes.includes(value as string)) return undefined
  return classes.find((label) => label !== value)
}

/** Whether the one who corrects gains from it. In a binary task “wrong” is a correction in other words. */
const gains = ({ task }: Prediction, { source }: Feedback): boolean => task.gainfulSources.includes(source)

/** One function a rule. */
const READ: Readonly<Record<Rule, (prediction: Answered, feedback: Feedback, authority: Authority) => Proof>> = {
  predicted: ({ value }, _, authority) => ({ proves: 'truth', label: value, authority, held: false }),
  'other-class': (prediction, feedback, authority) => {
    const label = otherClass(prediction)
    if (label === undefined) return ruledOut(prediction, authority)
    return { proves: 'truth', label, authority, held: gains(prediction, feedback) }
  },
  'rules-out': (prediction, _, authority) => ruledOut(prediction, authority),
  'within-tolerance': (_prediction, _, authority) => ({ proves: 'within-tolerance', authority }),
  'outside-tolerance': (_prediction, _, authority) => ({ proves: 'outside-tolerance', authority }),
  given: (prediction, feedback, authority) => {
    if (!('label' in feedback) || !isValueOf(prediction.task, feedback.label)) return nothing('label-unfit')
    const held = feedback.kind === 'correction' && gains(prediction, feedback)
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
  'outside-tolerance',
  'preferred',
  'rejected',
  'weak',
  'aggregate',
])

/** Whether the target means this prediction. */
function isAbout({ target }: Feedback, { id, entity, task }: Prediction): boolean {
  return 'prediction' in target ? target.prediction === id : target.entity === entity && target.task === task.name
}

/** {@link proves} for a pair that was checked. */
export function proofOf(prediction: Prediction, feedback: Feedback): Proof {
  const row = rowOf(feedback)
  const rule = row[prediction.task.kind]
  if (prediction.value === undefined && NEEDS_VALUE.has(rule)) return nothing('prediction-failed')
  return READ[rule](prediction as Answered, feedback, row.authority ?? 'rating')
}

/** Checks that a feedback is one, and one about this prediction. */
export function expectFeedbackOn(prediction: Prediction, feedback: Feedback): void {
  expectFeedback(feedback)
  if (isAbout(feedback, prediction)) return
  const { target, id } = feedback
  const meant =
    'prediction' in target ? quote(target.prediction) : `${quote(target.entity)} of task ${quote(target.task)}`
  throw new GroundtraceError(
    'invalid-argument',
    `Feedback ${quote(id)} is about ${meant}, not about prediction ${quote(prediction.id)}`,
    'Pass a prediction together with feedback on that prediction',
  )
}

/**
 * What a feedback proves of a prediction: the table, read for one pair. Pure; looks at nothing else, so it does not know
 * of retractions or of what others said (see `resolve`).
 * @throws GroundtraceError `invalid-argument` when the feedback means another prediction, by ID or by business key and task;
 * `invalid-prediction`, `invalid-feedback` when one of them is none
 */
export function proves(prediction: Prediction, feedback: Feedback): Proof {
  expectPrediction(prediction)
  expectFeedbackOn(prediction, feedback)
  return proofOf(prediction, feedback)
}

/**
 * What silence until the horizon proves: the declared class, where the task declares one and somebody could have answered.
 * Of a member it proves nothing: whoever disputes, disputes the whole.
 * @throws GroundtraceError `invalid-prediction`
 */
export function silenceProves(prediction: Prediction): Proof {
  expectPrediction(prediction)
  const { kind, silence } = prediction.task
  if (PROOF_TABLE.silence[kind] !== 'declared' || silence === undefined || isUnobservable(prediction))
    return nothing('not-for-this-task')
  if (prediction.whole !== undefined) return nothing('of-a-member')
  return { proves: 'truth', label: silence, authority: 'silence', held: false }
}

/**
 * Why this feedback can't be about this prediction, in words: cause and next step. Undefined when it fits.
 * @throws GroundtraceError `invalid-prediction`, `invalid-feedback`
 */
export function unfit(prediction: Prediction, feedback: Feedback): string | undefined {
  expectPrediction(prediction)
  expectFeedback(feedback)
  const { task } = prediction
  if (!('label' in feedback) || isValueOf(task, feedback.label)) return undefined
  return `Label ${quote(feedback.label)} is no value of task ${task.name}. Send ${expectedValue(task)}.`
}

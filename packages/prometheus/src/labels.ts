import { AUTHORITIES, FEEDBACK_KINDS, OUTCOME_STATES, RECEIPT_STATUSES } from '@groundtrace/core'

/** What keeps the number of a label's values small. */
export type Bound =
  /** Only these values. */
  | { readonly kind: 'one of'; readonly values: readonly string[] }
  /** Bounded words, at most so many different ones; those that come later are counted as `other`. */
  | { readonly kind: 'words'; readonly most: number }
  /** The classes that the task declares, the first so many; every other one is `other`. `beside`: values that are no class. */
  | { readonly kind: 'classes'; readonly most: number; readonly beside: readonly string[] }

/** What a label says and what bounds it. */
export interface LabelDefinition {
  readonly meaning: string
  readonly bound: Bound
}

/** Stands for every value beyond a label's bound. */
export const OTHER = 'other'
/** Nothing was said: no action, no authority. In parentheses, so that no class or word is mistaken for it. */
export const NONE = '(none)'
/** The prediction failed and has no value. */
export const FAILED = '(failed)'
/** Known not to be the predicted class, and no more than that. */
export const UNKNOWN = '(unknown)'

/** Classes of one task that keep their name in a label. */
export const MOST_CLASSES = 50

const states = OUTCOME_STATES.filter((state) => state !== 'settled').map((state) => `(${state})`)
const truths = [...states, UNKNOWN, 'correct', 'incorrect']

/** Every label of the catalogue. None names a user, a prediction, an entity or an annotator. */
export const LABELS = {
  task: { meaning: 'name of the task', bound: { kind: 'words', most: 50 } },
  model: { meaning: 'name of the model', bound: { kind: 'words', most: 50 } },
  version: { meaning: 'version of the model', bound: { kind: 'words', most: 1000 } },
  part: {
    meaning: 'whether it answered its task, or was a member of what did',
    bound: { kind: 'one of', values: ['whole', 'member'] },
  },
  predicted: {
    meaning: 'class that was predicted',
    bound: { kind: 'classes', most: MOST_CLASSES, beside: [FAILED] },
  },
  truth: { meaning: 'class held to be true', bound: { kind: 'classes', most: MOST_CLASSES, beside: [UNKNOWN] } },
  old: { meaning: 'what was held to be true before', bound: { kind: 'classes', most: MOST_CLASSES, beside: truths } },
  new: { meaning: 'what is held to be true now', bound: { kind: 'classes', most: MOST_CLASSES, beside: truths } },
  verdict: { meaning: 'whether the prediction was right', bound: { kind: 'one of', values: ['correct', 'incorrect'] } },
  action: { meaning: 'what the service did with the prediction', bound: { kind: 'words', most: 20 } },
  propensity: {
    meaning: 'probability of being explored, to three significant digits',
    bound: { kind: 'words', most: 20 },
  },
  state: { meaning: 'state of the outcome', bound: { kind: 'one of', values: OUTCOME_STATES } },
  authority: {
    meaning: 'whose word settled it',
    bound: { kind: 'one of', values: [...AUTHORITIES, NONE] },
  },
  kind: { meaning: 'kind of feedback', bound: { kind: 'one of', values: FEEDBACK_KINDS } },
  source: { meaning: 'kind of source of the feedback', bound: { kind: 'words', most: 50 } },
  status: {
    meaning: 'what became of the feedback',
    bound: { kind: 'one of', values: ['stored', 'held', 'duplicate', 'conflict', 'rejected'] },
  },
  code: {
    meaning: 'HTTP status of the answer',
    bound: { kind: 'one of', values: ['200', '400', '401', '405', '413', '415', '422', '429', '500', '503'] },
  },
  receipt: {
    meaning: 'what became of the line; `ignored` is none of ours',
    bound: { kind: 'one of', values: [...RECEIPT_STATUSES, 'ignored'] },
  },
  removal: {
    meaning: 'an erasure, withdrawn consent, or retention',
    bound: { kind: 'one of', values: ['erased', 'withheld', 'pruned'] },
  },
  reason: { meaning: 'why it was lost', bound: { kind: 'words', most: 50 } },
  role: { meaning: 'what the data set is for', bound: { kind: 'one of', values: ['training', 'validation'] } },
  data_set: { meaning: 'name of the data set', bound: { kind: 'words', most: 2000 } },
  trigger: { meaning: 'what asked for a retraining', bound: { kind: 'words', most: 20 } },
  project: { meaning: 'project of the annotation plan', bound: { kind: 'words', most: 50 } },
  standing: {
    meaning: 'where the prediction stands on its way to annotators',
    bound: { kind: 'one of', values: ['planned', 'sent', 'seen', 'gone', 'dropped'] },
  },
  pick: { meaning: 'why it was picked', bound: { kind: 'words', most: 20 } },
  answer: {
    meaning: 'what happened to the answer last; `kept`: it is known to the bridge alone',
    bound: { kind: 'one of', values: ['given', 'changed', 'deleted', 'kept', 'back'] },
  },
  gap: {
    meaning: 'what did not add up',
    bound: { kind: 'one of', values: ['restored', 'tasks-deleted', 'project-replaced', 'doubled'] },
  },
  held: {
    meaning: 'what is held of its truth; `contentious`: nobody is left to settle it',
    bound: { kind: 'one of', values: ['open', 'settled', 'escalated', 'contentious'] },
  },
  word: {
    meaning: 'what the line says',
    bound: { kind: 'one of', values: ['annotation', 'retraction'] },
  },
  delivery: {
    meaning: 'what became of it',
    bound: { kind: 'one of', values: ['waiting', ...RECEIPT_STATUSES] },
  },
  decision: {
    meaning: 'what the promotion gate decided',
    bound: { kind: 'one of', values: ['promote', 'keep', 'blind'] },
  },
} as const satisfies Readonly<Record<string, LabelDefinition>>

export type LabelName = keyof typeof LABELS

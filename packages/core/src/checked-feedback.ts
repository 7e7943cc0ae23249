import { GroundtraceError } from './errors.ts'
import { FEEDBACK_KINDS, isStars, type Feedback, type FeedbackKind, type FeedbackTarget } from './feedback.ts'
import { isKey, isName, MAX_KEY_LENGTH } from './key.ts'
import { isRecord, onlyFields } from './plain.ts'
import { isPropensity, isShare } from './probability.ts'
import { quote } from './quote.ts'
import { isTime } from './time.ts'
import { isTrackingId, type TrackingId } from './tracking-id.ts'
import { isRanking } from './value.ts'

/** Longest comment and harm report, in characters; a longer one is refused, not cut. */
export const MAX_TEXT_LENGTH = 16_384

/** A value of some task; which one is known only at the join. */
const isSomeValue = (value: unknown): boolean =>
  (typeof value === 'string' && value.length <= MAX_TEXT_LENGTH) || Number.isFinite(value) || isRanking(value)

const isAnother = (id: TrackingId, self: TrackingId): boolean => isTrackingId(id) && id !== self

type Check<F> = readonly [holds: (feedback: F) => boolean, cause: string, nextStep: string]

/** What must hold of each kind. */
const KIND_CHECKS: { readonly [K in FeedbackKind]: readonly Check<Feedback & { kind: K }>[] } = {
  rating: [[(f) => typeof f.right === 'boolean', 'right is not true or false', 'Say whether the prediction was right']],
  stars: [[(f) => isStars(f.stars), 'stars is not a whole number from 1 to 5', 'Map other scales onto 1 to 5']],
  correction: [[(f) => isSomeValue(f.label), 'label is no value', 'Pass the right class, number or text']],
  annotation: [
    [(f) => isSomeValue(f.label), 'label is no value', 'Pass the class, number or text that was annotated'],
    [(f) => f.by === 'crowd' || f.by === 'expert', 'by is neither crowd nor expert', 'Say whose annotation it is'],
    [
      (f) => f.posterior === undefined || isShare(f.posterior),
      'posterior is not in [0, 1]',
      'Pass the probability of the label',
    ],
    [
      (f) => f.method === undefined || isKey(f.method),
      'method is no text, empty or too long',
      'Name the method in a word',
    ],
  ],
  outcome: [[(f) => isSomeValue(f.label), 'label is no value', 'Pass what turned out to be true']],
  acceptance: [
    [
      (f) => f.editRate === undefined || isShare(f.editRate),
      'editRate is not in [0, 1]',
      'Pass the measured share of edited values',
    ],
  ],
  action: [
    [(f) => isName(f.action), 'action is not a bounded word', 'Name the action: click, purchase, watch'],
    [
      (f) => f.item === undefined || isKey(f.item),
      'item is no text, empty or too long',
      'Pass the item as it was ranked',
    ],
  ],
  'no-action': [],
  harm: [
    [
      (f) => typeof f.report === 'string' && f.report !== '' && f.report.length <= MAX_TEXT_LENGTH,
      'report is empty or too long',
      `Describe the harm in 1 to ${MAX_TEXT_LENGTH} characters`,
    ],
  ],
  retraction: [
    [
      (f) => isAnother(f.retracts, f.id),
      'retracts is not another tracking ID',
      'Pass the ID of the feedback to take back',
    ],
    [
      (f) => f.supersedes === undefined,
      'a retraction replaces nothing',
      'Send the new answer with supersedes, or the retraction without',
    ],
  ],
}

const CHECKS: readonly Check<Feedback>[] = [
  [(f) => isTrackingId(f.id), 'id is not a tracking ID', 'Derive one with feedbackId, or use the span of the request'],
  [(f) => FEEDBACK_KINDS.includes(f.kind), 'kind is unknown', `Use one of ${FEEDBACK_KINDS.join(', ')}`],
  [(f) => isTarget(f.target), 'target names no prediction', 'Pass { prediction: trackingId } or { entity, task }'],
  [(f) => isTime(f.time), 'time is no time', 'Pass milliseconds since 1970'],
  [(f) => isName(f.source), 'source is not a bounded word', 'Name the kind of source: recipient, auditor, chargeback'],
  [
    (f) => f.supersedes === undefined || isAnother(f.supersedes, f.id),
    'supersedes is not another tracking ID',
    'Pass the ID of the feedback to replace',
  ],
  [
    (f) => f.user === undefined || isKey(f.user),
    'user is empty or too long',
    `Pass a pseudonym of 1 to ${MAX_KEY_LENGTH} characters`,
  ],
  [
    (f) => f.comment === undefined || (typeof f.comment === 'string' && f.comment.length <= MAX_TEXT_LENGTH),
    'comment is too long',
    `Pass at most ${MAX_TEXT_LENGTH} characters`,
  ],
  [
    (f) => f.propensity === undefined || isPropensity(f.propensity),
    'propensity is not in [1e-6, 1]',
    'Log the probability with which it was asked for',
  ],
]

const COMMON_FIELDS = ['id', 'kind', 'target', 'time', 'source', 'supersedes', 'user', 'comment', 'propensity'] as const

/** What each kind says beside the common part. */
const KIND_FIELDS: Readonly<Record<FeedbackKind, readonly string[]>> = {
  rating: ['right'],
  stars: ['stars'],
  correction: ['label'],
  annotation: ['label', 'by', 'posterior', 'method'],
  outcome: ['label'],
  acceptance: ['editRate'],
  action: ['action', 'item'],
  'no-action': [],
  harm: ['report'],
  retraction: ['retracts'],
}

const FIELDS: ReadonlyMap<FeedbackKind, ReadonlySet<string>> = new Map(
  FEEDBACK_KINDS.map((kind) => [kind, new Set([...COMMON_FIELDS, ...KIND_FIELDS[kind]])]),
)

const NO_FIELDS: ReadonlySet<string> = new Set()
const TARGET_BY_ID: ReadonlySet<string> = new Set(['prediction'])
const TARGET_BY_KEY: ReadonlySet<string> = new Set(['entity', 'task'])

function isTarget(target: FeedbackTarget | undefined): boolean {
  if (!isRecord(target)) return false
  return 'prediction' in target ? isTrackingId(target.prediction) : isKey(target.entity) && isName(target.task)
}

/**
 * Checks a feedback once, at the edge. Fields that a feedback does not have are left out. Whether its label fits the task is known only at the join, and said there.
 * @throws GroundtraceError `invalid-feedback`
 */
export function checkedFeedback(feedback: Feedback): Feedback {
  if (!isRecord(feedback)) {
    throw new GroundtraceError(
      'invalid-feedback',
      `${quote(feedback)} is no feedback`,
      'Pass an object of type Feedback',
    )
  }
  const failed =
    CHECKS.find(([holds]) => !holds(feedback)) ??
    (KIND_CHECKS[feedback.kind] as readonly Check<Feedback>[]).find(([holds]) => !holds(feedback))
  if (failed !== undefined) {
    throw new GroundtraceError('invalid-feedback', `Feedback ${quote(feedback.id)}: ${failed[1]}`, failed[2])
  }
  const known = onlyFields(feedback, FIELDS.get(feedback.kind) ?? NO_FIELDS)
  const target = onlyFields(known.target, 'prediction' in known.target ? TARGET_BY_ID : TARGET_BY_KEY)
  return target === known.target ? known : { ...known, target }
}

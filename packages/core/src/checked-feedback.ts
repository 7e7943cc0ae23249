import { GroundtraceError } from './errors.ts'
import { FEEDBACK_KINDS, isStars, type Feedback, type FeedbackKind, type FeedbackTarget } from './feedback.ts'
import { isKey, isName, MAX_KEY_LENGTH } from './key.ts'
import { isRecord, onlyFields } from './plain.ts'
import { isPropensity, isShare } from './probability.ts'
import { quote } from './quote.ts'
import { isTime } from './time.ts'
import { isTrackingId, TRACKING_ID_FORM, type TrackingId } from './tracking-id.ts'
import { isRanking } from './value.ts'

/** Longest comment and harm report, in characters; a longer one is refused, not cut. */
export const MAX_TEXT_LENGTH = 16_384

/** How far ahead of the receiver's clock a feedback may be, in milliseconds: clocks differ. 10 minutes. */
export const MAX_CLOCK_SKEW_MS = 600_000

/** A value of some task; which one is known only at the join. */
const isSomeValue = (value: unknown): boolean =>
  (typeof value === 'string' && value.length <= MAX_TEXT_LENGTH) || Number.isFinite(value) || isRanking(value)

const isAnother = (id: TrackingId, self: TrackingId): boolean => isTrackingId(id) && id !== self

type Check<F> = readonly [holds: (feedback: F) => boolean, cause: string | ((feedback: F) => string), nextStep: string]

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
  [
    (f) => !namesPrediction(f.target) || isTrackingId(f.target.prediction),
    (f) => `target ${quote((f.target as { readonly prediction?: unknown }).prediction)} is not a tracking ID`,
    TRACKING_ID_FORM,
  ],
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

type ById = Extract<FeedbackTarget, { prediction: TrackingId }>

const namesPrediction = (target: FeedbackTarget | undefined): target is ById =>
  isRecord(target) && 'prediction' in target

function isTarget(target: FeedbackTarget | undefined): boolean {
  if (!isRecord(target)) return false
  return 'prediction' in target ? isTrackingId(target.prediction) : isKey(target.entity) && isName(target.task)
}

function refused(feedback: Feedback, cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-feedback', `Feedback ${quote(feedback.id)}: ${cause}`, nextStep)
}

/** A key joins the latest prediction before the feedback, so one that is dated ahead would join another one later. */
function checkClock(feedback: Feedback, now: number): void {
  if (feedback.time <= now + MAX_CLOCK_SKEW_MS) return
  const ahead = Math.round((feedback.time - now) / 1000)
  throw refused(
    feedback,
    `time lies ${ahead} seconds ahead of the clock here`,
    `Pass milliseconds since 1970, and check the clock of the sender: at most ${MAX_CLOCK_SKEW_MS / 1000} seconds ahead are taken`,
  )
}

/**
 * The first field of a feedback that passed which one of its kind does not have, such as a slip of the pen: `coment`,
 * `target.entitty`. For edges at which whoever sends it can be told; {@link checkedFeedback} leaves it out.
 */
export function unknownFeedbackField(feedback: Feedback): string | undefined {
  const fields = FIELDS.get(feedback.kind) ?? NO_FIELDS
  const field = Object.keys(feedback).find((name) => !fields.has(name))
  if (field !== undefined) return field
  const part = Object.keys(feedback.target).find((name) => !targetFields(feedback.target).has(name))
  return part === undefined ? undefined : `target.${part}`
}

const targetFields = (target: FeedbackTarget): ReadonlySet<string> =>
  'prediction' in target ? TARGET_BY_ID : TARGET_BY_KEY

/**
 * Checks a feedback once, at the edge. Fields that a feedback does not have are left out. Whether its label fits the task is
 * known only at the join, and said there.
 * @param now the receiver's clock, in milliseconds since 1970: a feedback that is dated more than {@link MAX_CLOCK_SKEW_MS}
 * ahead of it is refused. Default: not looked at, for who only reads or passes on. Registers pass theirs.
 * @throws GroundtraceError `invalid-feedback`
 */
export function checkedFeedback(feedback: Feedback, now = Number.POSITIVE_INFINITY): Feedback {
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
    const [, cause, nextStep] = failed
    throw refused(feedback, typeof cause === 'string' ? cause : cause(feedback), nextStep)
  }
  checkClock(feedback, now)
  const known = onlyFields(feedback, FIELDS.get(feedback.kind) ?? NO_FIELDS)
  const target = onlyFields(known.target, targetFields(known.target))
  return target === known.target ? known : { ...known, target }
}

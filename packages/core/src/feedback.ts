import { GroundtraceError } from './errors.ts'
import { quote } from './quote.ts'
import { isTime } from './time.ts'
import type { TrackingId } from './tracking-id.ts'
import type { Value } from './value.ts'

/** What somebody or something said; the wire's `groundtrace.feedback.kind`. */
export const FEEDBACK_KINDS = [
  'rating',
  'stars',
  'correction',
  'annotation',
  'outcome',
  'acceptance',
  'action',
  'no-action',
  'harm',
  'retraction',
] as const
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number]

/** Which prediction is meant: by its tracking ID, or by business key and task (the latest before the feedback). */
export type FeedbackTarget = { readonly prediction: TrackingId } | { readonly entity: string; readonly task: string }

/** What was said, by kind. */
export type Answer =
  /** Thumb, correct or incorrect. */
  | { readonly kind: 'rating'; readonly right: boolean }
  | { readonly kind: 'stars'; readonly stars: 1 | 2 | 3 | 4 | 5 }
  /** A person who saw the prediction gives the right answer. */
  | { readonly kind: 'correction'; readonly label: Value }
  /** An annotator's, or a settled crowd's, answer. */
  | {
      readonly kind: 'annotation'
      readonly label: Value
      readonly by: 'crowd' | 'expert'
      readonly posterior?: number
      readonly method?: string
    }
  /** What the world made of it: chargeback, delivery, default. */
  | { readonly kind: 'outcome'; readonly label: Value }
  /** A pre-filled value was left as it was. `editRate`: measured share of values that are edited in this field. */
  | { readonly kind: 'acceptance'; readonly editRate?: number }
  /** Click, purchase, watch: `item` names the one of a ranking. */
  | { readonly kind: 'action'; readonly action: string; readonly item?: string }
  | { readonly kind: 'no-action' }
  | { readonly kind: 'harm'; readonly report: string }
  /** Takes an earlier feedback of the same source back. */
  | { readonly kind: 'retraction'; readonly retracts: TrackingId }

/** One thing somebody or something said about a prediction: a line of the feedback ledger. */
export type Feedback = Answer & {
  /** Its own tracking ID: the span of the request that brought it, or one derived from its idempotency key. */
  readonly id: TrackingId
  readonly target: FeedbackTarget
  /** When it was said: milliseconds since 1970, event time. At most 10 minutes ahead of the register's clock. */
  readonly time: number
  /** Who said it, as a bounded word: `recipient`, `auditor`, `chargeback`. Never a person's name. */
  readonly source: string
  /** An earlier feedback of the same source, and of the same user where both name one, on this prediction that this one replaces. */
  readonly supersedes?: TrackingId
  /** Pseudonym of who said it. Payload: erasable. */
  readonly user?: string
  /** Free words. Payload: erasable. */
  readonly comment?: string
  /** Probability, from 1e-6 to 1, that this answer was asked for; absent when it came unasked. */
  readonly propensity?: number
}

const STARS: ReadonlySet<unknown> = new Set([1, 2, 3, 4, 5])

/** True for a whole number of stars, from 1 to 5. */
export function isStars(value: unknown): boolean {
  return STARS.has(value)
}

/** What tells the forms of one kind apart is there. */
function isToldApart(feedback: Feedback): boolean {
  if (feedback.kind === 'rating') return typeof feedback.right === 'boolean'
  if (feedback.kind === 'stars') return isStars(feedback.stars)
  return feedback.kind !== 'annotation' || feedback.by === 'crowd' || feedback.by === 'expert'
}

/**
 * Guards what is called with feedback that was checked at the edge: only what is read, so that ledgers written under
 * other rules, or whose payload was erased, stay readable.
 * @throws GroundtraceError `invalid-feedback`
 */
export function expectFeedback(feedback: Feedback): void {
  const { id, target, time, source, kind }: Partial<Feedback> = feedback ?? {}
  const isShaped =
    typeof id === 'string' &&
    typeof source === 'string' &&
    typeof target === 'object' &&
    target !== null &&
    isTime(time) &&
    FEEDBACK_KINDS.includes(kind)
  if (isShaped && isToldApart(feedback)) return
  throw new GroundtraceError('invalid-feedback', `${quote(feedback)} is no feedback`, 'Pass an object of type Feedback')
}

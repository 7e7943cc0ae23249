import type { Feedback } from '@groundtrace/core'

/** What is erasable of a feedback. */
export interface FeedbackPayload {
  readonly user?: string
  readonly comment?: string
  readonly report?: string
}

/** What a harm report reads as where its payload is not at hand: erased, or not looked up. */
const NO_REPORT = '(erased)'

/** A feedback as ledger line and payload; the payload is undefined where there is none. */
export function splitFeedback(feedback: Feedback): {
  readonly line: object
  readonly payload: FeedbackPayload | undefined
} {
  const { user, comment, report, ...line } = feedback as Feedback & FeedbackPayload
  const none = user === undefined && comment === undefined && report === undefined
  return { line, payload: none ? undefined : ({ user, comment, report } as FeedbackPayload) }
}

/** The inverse of {@link splitFeedback}, on what is left of the payload. */
export function wholeFeedback(line: object, payload: FeedbackPayload | undefined): Feedback {
  const feedback = { ...line, ...payload } as Feedback & { report?: string }
  return feedback.kind === 'harm' && feedback.report === undefined ? { ...feedback, report: NO_REPORT } : feedback
}

/** The earlier feedback that a line takes back or replaces. */
export function replacedBy(feedback: Feedback): Feedback['id'] | undefined {
  return feedback.kind === 'retraction' ? feedback.retracts : feedback.supersedes
}

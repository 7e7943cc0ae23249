import type { Feedback } from '@groundtrace/core'

/** The words of a feedback: free text. */
export interface FeedbackWords {
  readonly comment?: string
  readonly report?: string
}

/** What is erasable of a feedback. */
export interface FeedbackPayload extends FeedbackWords {
  readonly user?: string
}

/** What a harm report reads as where its payload is not at hand: erased, or not looked up. */
const NO_REPORT = '(erased)'

/** A feedback as ledger line, who said it, and in what words; undefined where there is none. */
export function splitFeedback(feedback: Feedback): {
  readonly line: object
  readonly user: string | undefined
  readonly words: FeedbackWords | undefined
} {
  const { user, comment, report, ...line } = feedback as Feedback & FeedbackPayload
  const silent = comment === undefined && report === undefined
  return { line, user, words: silent ? undefined : ({ comment, report } as FeedbackWords) }
}

/** The inverse of {@link splitFeedback}, on what is left of the payload. */
export function wholeFeedback(line: object, payload: FeedbackPayload): Feedback {
  const feedback = { ...line, ...payload } as Feedback & { report?: string }
  return feedback.kind === 'harm' && feedback.report === undefined ? { ...feedback, report: NO_REPORT } : feedback
}

/** The earlier feedback that a line takes back or replaces. */
export function replacedBy(feedback: Feedback): Feedback['id'] | undefined {
  return feedback.kind === 'retraction' ? feedback.retracts : feedback.supersedes
}

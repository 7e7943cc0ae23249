import type { Feedback, TrackingId } from '@groundtrace/core'
import { sameContent } from './content.ts'
import { jsonOf } from './receipt.ts'
import { splitFeedback, wholeFeedback, type FeedbackPayload } from './feedback-payload.ts'

/** A feedback ready to be written. */
export interface FeedbackDraft {
  readonly feedback: Feedback
  readonly lineJson: string
  /** NULL when it has no payload. */
  readonly bodyJson: string | null
}

/** @throws GroundtraceError `invalid-argument` for what JSON can't hold */
export function draftFeedback(feedback: Feedback): FeedbackDraft {
  const { line, payload } = splitFeedback(feedback)
  return { feedback, lineJson: jsonOf(line) ?? '', bodyJson: jsonOf(payload) }
}

/** The columns that hold a feedback itself, in the ledger and in the pen alike, with its payload. */
export interface FeedbackRow {
  readonly id: TrackingId
  readonly line_json: string
  /** Row of its payload; NULL when it never had one. */
  readonly payload: number | null
  /** NULL when it was erased. */
  readonly body_json: string | null
}

const payloadOf = (row: FeedbackRow): FeedbackPayload | undefined =>
  row.body_json === null ? undefined : (JSON.parse(row.body_json) as FeedbackPayload)

export function decodeFeedback(row: FeedbackRow): Feedback {
  return wholeFeedback(JSON.parse(row.line_json) as object, payloadOf(row))
}

/** True when the row keeps the same feedback. An erased payload is not compared, since nothing of it is left. */
export function keepsSame(row: FeedbackRow, feedback: Feedback): boolean {
  const { line, payload } = splitFeedback(feedback)
  const erased = row.payload !== null && row.body_json === null
  return sameContent(JSON.parse(row.line_json), line) && (erased || sameContent(payloadOf(row), payload))
}

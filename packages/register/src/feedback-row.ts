import type { Feedback, TrackingId } from '@groundtrace/core'
import { sameContent } from './content.ts'
import { splitFeedback, wholeFeedback, type FeedbackPayload, type FeedbackWords } from './feedback-payload.ts'
import { jsonOf, parsedJson } from './json-column.ts'

/** The payload of a feedback, by column. Both NULL: there was none, or it was erased. */
export interface FeedbackPayloadColumns {
  readonly user_json: string | null
  readonly words_json: string | null
}

/** A feedback ready to be written. */
export interface FeedbackDraft {
  readonly feedback: Feedback
  readonly lineJson: string
  readonly payload: FeedbackPayloadColumns
  /** It has a payload, or had one. */
  readonly hasPayload: boolean
}

/** @throws GroundtraceError `invalid-argument` for what JSON can't hold */
export function draftFeedback(feedback: Feedback): FeedbackDraft {
  const { line, user, words } = splitFeedback(feedback)
  return {
    feedback,
    lineJson: jsonOf(line) ?? '',
    payload: { user_json: jsonOf(user), words_json: jsonOf(words) },
    hasPayload: user !== undefined || words !== undefined,
  }
}

/** The same of somebody whose payloads are not kept. */
export function withheldDraft({ lineJson }: FeedbackDraft): FeedbackDraft {
  const feedback = wholeFeedback(JSON.parse(lineJson) as object, {})
  return { feedback, lineJson, payload: { user_json: null, words_json: null }, hasPayload: true }
}

/** The columns that hold a feedback itself, in the ledger and in the pen alike, with its payload. */
export interface FeedbackRow extends FeedbackPayloadColumns {
  readonly id: TrackingId
  readonly line_json: string
  /** Row of its payload; NULL when it never had one. */
  readonly payload: number | null
}

export const isSilent = (payload: FeedbackPayloadColumns): boolean =>
  payload.user_json === null && payload.words_json === null

/** It had a payload, and nothing of that is left. */
export const isErased = (row: FeedbackRow): boolean => row.payload !== null && isSilent(row)

function payloadOf({ user_json: userJson, words_json: wordsJson }: FeedbackPayloadColumns): FeedbackPayload {
  const user = parsedJson(userJson) as string | undefined
  return { ...(parsedJson(wordsJson) as FeedbackWords | undefined), ...(user === undefined ? {} : { user }) }
}

export function decodeFeedback(row: FeedbackRow): Feedback {
  return wholeFeedback(JSON.parse(row.line_json) as object, payloadOf(row))
}

/** True when the row keeps the same feedback. An erased payload is not compared, since nothing of it is left. */
export function keepsSame(row: FeedbackRow, feedback: Feedback): boolean {
  const { line, user, words } = splitFeedback(feedback)
  return (
    sameContent(JSON.parse(row.line_json), line) &&
    (isErased(row) || sameContent(payloadOf(row), { ...words, ...(user === undefined ? {} : { user }) }))
  )
}

import type { Feedback, TrackingId } from '@groundtrace/core'
import type { KeptFeedback, LedgerRow, PenRow } from '../decide/books.ts'
import { replacedBy } from '../feedback-payload.ts'
import type { FeedbackDraft, FeedbackPayloadColumns } from '../feedback-row.ts'
import type { FeedbackState } from './load.ts'

export type Place = 'nowhere' | 'pen' | 'ledger'

/** A feedback while a transaction works on it. Numbers below 0 stand for rows that are not written yet. */
export interface Entry {
  readonly id: TrackingId
  readonly replaces: TrackingId | null
  /** Where the store has it. */
  readonly kept: Place
  /** Where it stands now. */
  place: Place
  readonly arrival: number
  readonly line_json: string
  readonly payload: FeedbackPayloadColumns
  readonly has_payload: boolean
  readonly recorded: number
  /** What is new, or has joined in this transaction. */
  feedback: Feedback | undefined
  /** Its own position, and that of its prediction, in the ledgers. */
  position: number
  prediction: number
  heldAtJoin: boolean
  held: boolean
  late: boolean
}

export function entryOf(state: FeedbackState): Entry {
  const place = state.position === null ? 'pen' : 'ledger'
  return {
    id: state.id,
    replaces: state.replaces,
    kept: place,
    place,
    arrival: state.arrival,
    line_json: state.line_json,
    payload: state,
    has_payload: state.has_payload,
    recorded: state.recorded,
    feedback: undefined,
    position: state.position ?? 0,
    prediction: state.prediction ?? 0,
    heldAtJoin: state.held,
    held: state.held,
    late: false,
  }
}

export function newEntry(
  { feedback, lineJson, payload, hasPayload }: FeedbackDraft,
  arrival: number,
  recorded: number,
): Entry {
  return {
    id: feedback.id,
    replaces: replacedBy(feedback) ?? null,
    kept: 'nowhere',
    place: 'nowhere',
    arrival,
    line_json: lineJson,
    payload,
    has_payload: hasPayload,
    recorded,
    feedback,
    position: 0,
    prediction: 0,
    heldAtJoin: false,
    held: false,
    late: false,
  }
}

const payloadOf = ({ has_payload: hasPayload, arrival }: Entry): number | null => (hasPayload ? arrival : null)

export const keptOf = (entry: Entry, feedback: Feedback): KeptFeedback => ({
  feedback,
  lineJson: entry.line_json,
  payload: payloadOf(entry),
  recorded: entry.recorded,
})

export const ledgerRowOf = (entry: Entry): LedgerRow => ({
  id: entry.id,
  line_json: entry.line_json,
  user_json: entry.payload.user_json,
  words_json: entry.payload.words_json,
  payload: payloadOf(entry),
  position: entry.position,
  prediction: entry.prediction,
})

export const penRowOf = (entry: Entry): PenRow => ({
  id: entry.id,
  line_json: entry.line_json,
  user_json: entry.payload.user_json,
  words_json: entry.payload.words_json,
  payload: payloadOf(entry),
  sequence: entry.arrival,
  recorded: entry.recorded,
})

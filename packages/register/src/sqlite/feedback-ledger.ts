import type { Feedback, JoinedFeedback, TrackingId } from '@groundtrace/core'
import { replacedBy } from '../feedback-payload.ts'
import { decodeFeedback, FEEDBACK_COLUMNS, PAYLOAD_JOIN, type FeedbackDraft, type FeedbackRow } from './feedback-row.ts'
import type { Store } from './store.ts'

/** A feedback whose payload is stored: new, or out of the pen. */
export interface KeptFeedback {
  readonly feedback: Feedback
  readonly lineJson: string
  readonly payload: number | null
  readonly recorded: number
}

/** A feedback of the ledger. */
export type LedgerRow = FeedbackRow & {
  readonly position: number
  /** Position of its prediction. */
  readonly prediction: number
  readonly held_at_join: number
  readonly held: number
}

/** The columns of a {@link LedgerRow}, of the table under the alias `f` joined by `PAYLOAD_JOIN`. */
export const LEDGER_COLUMNS = `${FEEDBACK_COLUMNS}, f.position, f.prediction, f.held_at_join, f.held`

/** Where the feedback stands now. */
export const statusOf = ({ held }: LedgerRow): JoinedFeedback['status'] => (held === 1 ? 'held' : 'stored')

export interface FeedbackLedger {
  /** Stores the payload of a new feedback and says what its row will hold. */
  keep(draft: FeedbackDraft): KeptFeedback
  /** @returns its position */
  insert(prediction: number, kept: KeptFeedback, held: boolean): number
  hold(position: number, held: boolean): void
  row(id: TrackingId): LedgerRow | undefined
  /** With payloads, by event time. */
  rowsOn(prediction: TrackingId): readonly LedgerRow[]
  /** Of the payloads only who said it, in order of joining: what a verdict needs. */
  linesOn(position: number): { feedback: Feedback; position: number; held: boolean }[]
  /** How much joined a prediction. */
  size(position: number): number
  /** A joined line that takes this one back or replaces it. */
  replacing(id: TrackingId): LedgerRow | undefined
  dropPayload(payload: number | null): void
}

export function feedbackLedger(store: Store): FeedbackLedger {
  const insertPayload = store.prepare('INSERT INTO feedback_payloads (body_json) VALUES (?)')
  const deletePayload = store.prepare('DELETE FROM feedback_payloads WHERE id = ?')
  const insert = store.prepare(`
    INSERT INTO feedback (id, prediction, time, replaces, line_json, payload, held_at_join, held, recorded)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const hold = store.prepare('UPDATE feedback SET held = ? WHERE position = ?')
  const rows = `SELECT ${LEDGER_COLUMNS} FROM feedback f ${PAYLOAD_JOIN}`
  const select = store.prepare(`${rows} WHERE f.id = ?`)
  const selectReplacing = store.prepare(`${rows} WHERE f.replaces = ? ORDER BY f.position LIMIT 1`)
  const selectOn = store.prepare(
    `${rows} WHERE f.prediction = (SELECT position FROM predictions WHERE id = ?) ORDER BY f.time, f.id`,
  )
  const selectSize = store.prepare('SELECT count(*) AS size FROM feedback WHERE prediction = ?')
  const selectLines = store.prepare(`
    SELECT f.id, f.line_json, f.payload, f.position, f.held,
      CASE WHEN body.body_json ->> 'user' IS NOT NULL THEN json_object('user', body.body_json ->> 'user') END AS body_json
    FROM feedback f ${PAYLOAD_JOIN} WHERE f.prediction = ? ORDER BY f.position`)

  return {
    keep: ({ feedback, lineJson, bodyJson }) => ({
      feedback,
      lineJson,
      payload: bodyJson === null ? null : Number(insertPayload.run(bodyJson).lastInsertRowid),
      recorded: store.now(),
    }),
    insert(prediction, { feedback, lineJson, payload, recorded }, held) {
      const flag = held ? 1 : 0
      const replaces = replacedBy(feedback) ?? null
      const { lastInsertRowid } = insert.run(
        feedback.id,
        prediction,
        feedback.time,
        replaces,
        lineJson,
        payload,
        flag,
        flag,
        recorded,
      )
      return Number(lastInsertRowid)
    },
    hold: (position, held) => void hold.run(held ? 1 : 0, position),
    row: (id) => select.get(id) as unknown as LedgerRow | undefined,
    rowsOn: (prediction) => selectOn.all(prediction) as unknown as LedgerRow[],
    linesOn: (position) =>
      (selectLines.all(position) as unknown as LedgerRow[]).map((row) => ({
        feedback: decodeFeedback(row),
        position: row.position,
        held: row.held === 1,
      })),
    size: (position) => selectSize.get(position)?.['size'] as number,
    replacing: (id) => selectReplacing.get(id) as unknown as LedgerRow | undefined,
    dropPayload(payload) {
      if (payload !== null) deletePayload.run(payload)
    },
  }
}

import type { JoinedFeedback, TrackingId } from '@groundtrace/core'
import type { FeedbackLedger, LedgerRow } from '../decide/books.ts'
import { replacedBy } from '../feedback-payload.ts'
import { decodeFeedback, isErased, type FeedbackRow } from '../feedback-row.ts'
import type { Positions } from './positions.ts'
import type { Store } from './store.ts'

/** A feedback of the ledger, whether it is held, and whether it came late. */
export type StandingRow = LedgerRow & {
  readonly held_at_join: number
  readonly held: number
  readonly late: number
}

/** The columns of a `FeedbackRow`, of the table under the alias `f` joined by {@link PAYLOAD_JOIN}. */
export const FEEDBACK_COLUMNS = 'f.id, f.line_json, f.payload, body.user_json, body.words_json'
export const PAYLOAD_JOIN = 'LEFT JOIN feedback_payloads body ON body.id = f.payload'
/** The columns of a {@link StandingRow}, of the table under the alias `f` joined by {@link PAYLOAD_JOIN}. */
export const LEDGER_COLUMNS = `${FEEDBACK_COLUMNS}, f.position, f.prediction, f.held_at_join, f.held, f.late`

/** What a row says of a feedback beside its status. */
export const marksOf = (row: FeedbackRow & { readonly late?: number }): Pick<JoinedFeedback, 'late' | 'erased'> => ({
  ...(row.late === 1 ? { late: true } : {}),
  ...(isErased(row) ? { erased: true } : {}),
})

/** Where the feedback stands now. */
export const statusOf = ({ held }: StandingRow): JoinedFeedback['status'] => (held === 1 ? 'held' : 'stored')

export interface FeedbackTable extends FeedbackLedger {
  row(id: TrackingId): StandingRow | undefined
  /** With payloads, by event time. */
  /** @param position of the prediction */
  rowsOn(position: number): readonly StandingRow[]
}

export function feedbackLedger(store: Store, positions: Positions): FeedbackTable {
  const insertPayload = store.prepare('INSERT INTO feedback_payloads (user_json, words_json) VALUES (?, ?)')
  const deletePayload = store.prepare('DELETE FROM feedback_payloads WHERE id = ?')
  const insert = store.prepare(`
    INSERT INTO feedback (position, id, prediction, time, replaces, line_json, payload, held_at_join, held, late, recorded)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const hold = store.prepare('UPDATE feedback SET held = ? WHERE position = ?')
  const rows = `SELECT ${LEDGER_COLUMNS} FROM feedback f ${PAYLOAD_JOIN}`
  const select = store.prepare(`${rows} WHERE f.id = ?`)
  const selectReplacing = store.prepare(`${rows} WHERE f.replaces = ? ORDER BY f.position LIMIT 1`)
  const selectOn = store.prepare(`${rows} WHERE f.prediction = ? ORDER BY f.time, f.id`)
  const selectSize = store.prepare('SELECT count(*) AS size FROM feedback WHERE prediction = ?')
  const selectLines = store.prepare(`
    SELECT f.id, f.line_json, f.payload, f.position, f.held, body.user_json, NULL AS words_json
    FROM feedback f ${PAYLOAD_JOIN} WHERE f.prediction = ? ORDER BY f.position`)

  return {
    keep: ({ feedback, lineJson, payload: { user_json: userJson, words_json: wordsJson }, hasPayload }) => ({
      feedback,
      lineJson,
      payload: hasPayload ? Number(insertPayload.run(userJson, wordsJson).lastInsertRowid) : null,
      recorded: store.now(),
    }),
    insert(prediction, { feedback, lineJson, payload, recorded }, { held, late }) {
      const flag = held ? 1 : 0
      const replaces = replacedBy(feedback) ?? null
      const position = positions.next('feedback')
      insert.run(
        position,
        feedback.id,
        prediction,
        feedback.time,
        replaces,
        lineJson,
        payload,
        flag,
        flag,
        late ? 1 : 0,
        recorded,
      )
      return position
    },
    hold: (position, held) => void hold.run(held ? 1 : 0, position),
    row: (id) => select.get(id) as unknown as StandingRow | undefined,
    rowsOn: (position) => selectOn.all(position) as unknown as StandingRow[],
    linesOn(position) {
      const lines = (selectLines.all(position) as unknown as StandingRow[]).map((row) => ({
        feedback: decodeFeedback(row),
        position: row.position,
        held: row.held === 1,
      }))
      const latest = lines.reduce((time, { feedback }) => Math.max(time, feedback.time), Number.NEGATIVE_INFINITY)
      return { lines, latest }
    },
    size: (position) => selectSize.get(position)?.['size'] as number,
    replacing: (id) => selectReplacing.get(id) as unknown as StandingRow | undefined,
    dropPayload(payload) {
      if (payload !== null) deletePayload.run(payload)
    },
  }
}

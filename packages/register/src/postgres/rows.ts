import type { JoinedFeedback, Prediction, TrackingId } from '@groundtrace/core'
import { MOST_INSIDE } from '../decide/inside.ts'
import { decodeFeedback, isErased, type FeedbackPayloadColumns, type FeedbackRow } from '../feedback-row.ts'
import { decodePrediction, withPayload, type PredictionPayload, type PredictionRow } from '../prediction-row.ts'
import { FEEDBACK_COLUMNS, payloadJoin, PREDICTION_COLUMNS } from './load.ts'
import type { Tasks } from './tasks.ts'

/** A prediction without its payload. */
export type BareRow = PredictionRow & {
  readonly task: number
  readonly model: string
  readonly model_version: string
}

/** A prediction with its payload. */
export type WholeRow = BareRow & PredictionPayload & { readonly has_payload: boolean }

const BARE_COLUMNS = `${PREDICTION_COLUMNS}, p.position, p.task, v.model, v.version AS model_version`

/** Selects {@link BareRow}s, of `predictions p`. */
export const selectBare = (s: string): string =>
  `SELECT ${BARE_COLUMNS} FROM ${s}.predictions p JOIN ${s}.versions v ON v.id = p.version`

/** Selects {@link BareRow}s that name one of a list as `parent` or `whole`: of each, those that came first. */
export const selectNaming = (s: string, column: 'parent' | 'whole'): string => `SELECT inside.*
  FROM unnest($1::text[]) AS named (id) JOIN LATERAL (
    ${selectBare(s)} WHERE p.${column} = named.id ORDER BY p.position LIMIT ${MOST_INSIDE}
  ) inside ON true`

/** Selects {@link WholeRow}s, of `predictions p`. */
export const selectWhole = (
  s: string,
): string => `SELECT ${BARE_COLUMNS}, p.has_payload, body.user_json, body.features_json
  FROM ${s}.predictions p JOIN ${s}.versions v ON v.id = p.version
  LEFT JOIN ${s}.prediction_payloads body ON body.prediction = p.position AND body.recorded = p.recorded`

export function decodeBare(row: BareRow, tasks: Tasks): Prediction {
  const model = { name: row.model, version: row.model_version }
  return decodePrediction(row, tasks.madeWith(row.task, row.horizon_seconds), model)
}

export const decodeWhole = (row: WholeRow, tasks: Tasks): Prediction => withPayload(decodeBare(row, tasks), row)

/** A feedback with its payload and, once it joined, its prediction. */
export interface JoinedRow extends FeedbackPayloadColumns {
  readonly arrival: number
  readonly id: TrackingId
  readonly line_json: string
  readonly has_payload: boolean
  /** NULL while it waits. */
  readonly position: number | null
  readonly held: boolean
  readonly held_at_join: boolean
  readonly late: boolean
  /** A {@link BareRow}. */
  readonly about: BareRow | null
}

/** Selects {@link JoinedRow}s, of `feedback f`. */
export const selectJoined = (
  s: string,
): string => `SELECT ${FEEDBACK_COLUMNS}, f.held_at_join, f.late, about.row AS about
  FROM ${s}.feedback f ${payloadJoin(s)}
  LEFT JOIN LATERAL (
    SELECT to_json(bare) AS row FROM (${selectBare(s)} WHERE p.position = f.prediction) bare
  ) about ON true`

const rowOf = (row: JoinedRow): FeedbackRow => ({ ...row, payload: row.has_payload ? 1 : null })

/** What a row says of a feedback beside its status. */
export const marksOf = (row: JoinedRow): Pick<JoinedFeedback, 'late' | 'erased'> => ({
  ...(row.late ? { late: true } : {}),
  ...(isErased(rowOf(row)) ? { erased: true } : {}),
})

export const feedbackOf = (row: JoinedRow): JoinedFeedback['feedback'] => decodeFeedback(rowOf(row))

/** A feedback as it stands now. */
export function decodeJoined(row: JoinedRow, tasks: Tasks): JoinedFeedback {
  const feedback = feedbackOf(row)
  if (row.about === null) return { feedback, status: 'orphaned', ...marksOf(row) }
  return { feedback, status: row.held ? 'held' : 'stored', prediction: decodeBare(row.about, tasks), ...marksOf(row) }
}

import type { Feedback, TrackingId } from '@groundtrace/core'
import { MOST_BY_KEY, type KeyedPrediction } from '../decide/books.ts'
import type { PredictionRow } from '../prediction-row.ts'
import type { Connection, Database, Statement } from './database.ts'
import { keyOf, type Needs } from './needs.ts'

/** A prediction with its task, its model and where it stands. */
export type SubjectRow = PredictionRow & {
  readonly position: number
  readonly task: number
  readonly model: string
  readonly model_version: string
  readonly closed: boolean
  readonly outcome_version: number
  /** Of its latest outcome line. */
  readonly verdict_json: string | null
  /** How much joined it. */
  readonly size: number
  /** Event time of the latest of that; NULL when nothing did. */
  readonly latest: number | null
}

/** A feedback with its payload; `about`, `position` and `prediction` are NULL while it waits. */
export interface FeedbackState {
  readonly arrival: number
  readonly position: number | null
  readonly prediction: number | null
  /** ID of its prediction. */
  readonly about: TrackingId | null
  readonly id: TrackingId
  readonly replaces: TrackingId | null
  readonly time: number
  readonly line_json: string
  readonly has_payload: boolean
  readonly user_json: string | null
  readonly words_json: string | null
  readonly held: boolean
  readonly recorded: number
}

/** A joined line that may change a verdict, of its payload only who said it. */
export interface LineRow {
  readonly about: TrackingId
  readonly id: TrackingId
  readonly line_json: string
  readonly has_payload: boolean
  readonly user_json: string | null
  readonly position: number
  readonly held: boolean
}

type KeyRow = KeyedPrediction & {
  readonly key: number
  readonly id: TrackingId
  readonly time: number
}

/** What was loaded for {@link Needs}; what is asked for and not in it, is not there. */
export interface Loaded {
  readonly subjects: readonly SubjectRow[]
  readonly lines: readonly LineRow[]
  readonly feedback: readonly FeedbackState[]
  /** The latest predictions, by {@link keyOf}. */
  readonly keyed: ReadonlyMap<string, readonly KeyRow[]>
  /** How much waits for a prediction, by ID, or for a business key, by task and entity. */
  readonly waiting: ReadonlyMap<string, number>
}

export const waitingKey = (target: Feedback['target']): string =>
  'prediction' in target ? target.prediction : `${target.task} ${target.entity}`

/** The columns of a `PredictionRow`, of the table under the alias `p`. */
export const PREDICTION_COLUMNS = `p.id, p.time, p.horizon_seconds, p.value_json, p.scores_json, p.slices_json, p.entity,
  p.policy_json, p.latency_seconds, p.error, p.parent, p.whole`

/** The columns of a {@link FeedbackState}, but for `about`, of `feedback f` joined by {@link payloadJoin}. */
export const FEEDBACK_COLUMNS = `f.arrival, f.position, f.prediction, f.id, f.replaces, f.time, f.line_json, f.has_payload,
  f.held, f.recorded, body.user_json, body.words_json`

export const payloadJoin = (s: string): string => `LEFT JOIN ${s}.feedback_payloads body ON body.feedback = f.arrival`

/** Rows as one JSON list. */
const list = (query: string, order: string): string =>
  `(SELECT coalesce(json_agg(row ORDER BY ${order}), '[]') FROM (${query}) row)`

/** Loads what a decision needs, in one statement and so on one snapshot, however much it is. */
export function loading({ schema: s }: Database): (connection: Connection, needs: Needs) => Promise<Loaded> {
  const feedback = `SELECT ${FEEDBACK_COLUMNS}, about.id AS about
    FROM ${s}.feedback f LEFT JOIN ${s}.predictions about ON about.position = f.prediction ${payloadJoin(s)}`
  const statement: Statement = {
    name: 'load',
    sql: `SELECT
      ${list(
        `SELECT ${PREDICTION_COLUMNS}, p.position, p.task, v.model, v.version AS model_version,
           h.prediction IS NULL AS closed, coalesce(o.version, 0) AS outcome_version, o.verdict_json,
           said.size, said.latest
         FROM ${s}.predictions p JOIN ${s}.versions v ON v.id = p.version
           LEFT JOIN ${s}.horizons h ON h.prediction = p.position
           CROSS JOIN LATERAL (
             SELECT count(*) AS size, max(f.time) AS latest FROM ${s}.feedback f WHERE f.prediction = p.position
           ) said
           LEFT JOIN LATERAL (
             SELECT version, verdict_json FROM ${s}.outcomes WHERE prediction = p.position ORDER BY version DESC LIMIT 1
           ) o ON true
         WHERE p.id = ANY($1::text[])`,
        'position',
      )} AS subjects,
      ${list(
        `SELECT p.id AS about, f.id, f.line_json, f.has_payload, body.user_json, f.position, f.held
         FROM ${s}.predictions p JOIN ${s}.feedback f ON f.prediction = p.position ${payloadJoin(s)}
         WHERE p.id = ANY($2::text[]) AND f.settles`,
        'position',
      )} AS lines,
      ${list(
        `${feedback} WHERE f.id = ANY($3::text[]) UNION ${feedback} WHERE f.replaces = ANY($3::text[])`,
        'arrival',
      )} AS feedback,
      ${list(
        `SELECT k.key, v.model, p.position, p.id, p.time
         FROM unnest($4::text[], $5::text[], $6::float8[]) WITH ORDINALITY AS k (task, entity, until, key)
           JOIN ${s}.tasks t ON t.name = k.task CROSS JOIN LATERAL (
             SELECT q.position, q.id, q.time, q.version FROM ${s}.predictions q
             WHERE q.task = t.id AND q.entity = k.entity AND q.time <= k.until AND q.whole IS NULL
             ORDER BY q.time DESC, q.id DESC LIMIT ${MOST_BY_KEY}
           ) p JOIN ${s}.versions v ON v.id = p.version`,
        'key, time DESC, id DESC',
      )} AS keyed,
      ${list(
        `SELECT f.waits_for AS target, count(*) AS waiting FROM ${s}.feedback f
         WHERE f.position IS NULL AND f.waits_for = ANY($1::text[]) GROUP BY f.waits_for
         UNION ALL
         SELECT f.task || ' ' || f.entity, count(*) FROM ${s}.feedback f
         WHERE f.position IS NULL AND (f.entity, f.task) IN (
           SELECT entity, task FROM unnest($4::text[], $5::text[]) AS k (task, entity)
         ) GROUP BY f.task, f.entity`,
        'target',
      )} AS waiting`,
  }
  interface Row {
    readonly subjects: readonly SubjectRow[]
    readonly lines: readonly LineRow[]
    readonly feedback: readonly FeedbackState[]
    readonly keyed: readonly KeyRow[]
    readonly waiting: readonly { readonly target: string; readonly waiting: number }[]
  }

  return async (connection, needs) => {
    const keys = [...needs.keys.values()]
    const [row] = await connection.rows<Row>(statement, [
      [...needs.predictions],
      [...needs.lines],
      [...needs.feedback],
      keys.map(({ task }) => task),
      keys.map(({ entity }) => entity),
      keys.map(({ time }) => time),
    ])
    const { subjects, lines, feedback: states, keyed, waiting } = row as Row
    const byKey = Map.groupBy(keyed, ({ key }) => key)
    return {
      subjects,
      lines,
      feedback: states,
      keyed: new Map(keys.map((need, index) => [keyOf(need), byKey.get(index + 1) ?? []])),
      waiting: new Map(waiting.map(({ target, waiting: lines }) => [target, lines])),
    }
  }
}

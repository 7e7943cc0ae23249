import { checkedPrediction, type Prediction, type Receipt, type TrackingId } from '@groundtrace/core'
import type { Subject, Subjects } from '../decide/books.ts'
import { expectValue } from '../decide/task-rules.ts'
import { inOrder, MOST_INSIDE, namesOf, sharing } from '../decide/inside.ts'
import {
  decodePrediction,
  payloadJson,
  predictionRow,
  samePrediction,
  withPayload,
  type PredictionRow,
} from '../prediction-row.ts'
import { claimedId, conflictReason, receipt, refusal } from '../receipt.ts'
import type { Store } from './store.ts'
import type { TallyTable } from './tallies.ts'
import type { Tasks } from './tasks.ts'
import type { Versions } from './versions.ts'

export interface Predictions extends Subjects {
  /** Position of the last line. */
  last(): number
  append(predictions: readonly Prediction[]): readonly Receipt[]
  /** With its payload. */
  find(id: TrackingId): Prediction | undefined
  decode(row: WholeRow): Prediction
  ofTrace(traceId: string): readonly TrackingId[]
  /** Those made right inside of one, without payload. */
  inside(id: TrackingId): readonly Prediction[]
  /** Those that share the truth of a whole, without payload. */
  membersOf(whole: Prediction): readonly Prediction[]
}

const COLUMNS = [
  'id',
  'task',
  'version',
  'time',
  'horizon_seconds',
  'value_json',
  'scores_json',
  'slices_json',
  'entity',
  'policy_json',
  'latency_seconds',
  'error',
  'parent',
  'whole',
]

/** The columns of a {@link LedgerRow}, of the table under the alias `p`. */
export const PREDICTION_COLUMNS = COLUMNS.map((column) => `p.${column}`).join(', ')

type LedgerRow = PredictionRow & { readonly task: number; readonly version: number }
type SubjectRow = LedgerRow & {
  readonly position: number
  readonly outcome_version: number
  readonly closed: number
}
/** A prediction with its payload; `payload` is NULL when it never had one, `body_json` when it was erased. */
export type WholeRow = LedgerRow & { readonly payload: number | null; readonly body_json: string | null }

export function predictionTable(store: Store, tasks: Tasks, versions: Versions, tallies: TallyTable): Predictions {
  const insert = store.prepare(`
    INSERT INTO predictions (${COLUMNS.join(', ')}, recorded)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO NOTHING`)
  const insertPayload = store.prepare('INSERT INTO prediction_payloads (position, body_json) VALUES (?, ?)')
  const select = store.prepare(`
    SELECT ${PREDICTION_COLUMNS}, payload.position AS payload, payload.body_json
    FROM predictions p LEFT JOIN prediction_payloads payload ON payload.position = p.position
    WHERE p.id = ?`)
  const subjectColumns = `${PREDICTION_COLUMNS}, p.position, p.outcome_version, p.closed`
  const selectSubject = store.prepare(`SELECT ${subjectColumns} FROM predictions p WHERE p.id = ?`)
  const selectSubjectAt = store.prepare(`SELECT ${subjectColumns} FROM predictions p WHERE p.position = ?`)
  const selectLast = store.prepare('SELECT coalesce(max(position), 0) AS last FROM predictions')
  // One seek a model version, however many predictions share the key.
  const selectByKey = store.prepare(`
    SELECT v.model, p.position, p.time, p.id
    FROM tasks t CROSS JOIN versions v CROSS JOIN predictions p ON p.position = (
      SELECT q.position FROM predictions q
      WHERE q.task = t.id AND q.entity = ? AND q.version = v.id AND q.time <= ? AND q.whole IS NULL
      ORDER BY q.time DESC, q.id DESC LIMIT 1)
    WHERE t.name = ?
    ORDER BY p.time DESC, p.id DESC`)
  // "." follows "-" in ASCII: all IDs of the trace and no others lie between.
  const selectTrace = store.prepare(
    `SELECT id FROM predictions WHERE id > ? || '-' AND id < ? || '.' ORDER BY time, position`,
  )

  const selectInside = store.prepare(
    `SELECT ${PREDICTION_COLUMNS} FROM predictions p WHERE p.parent = ? ORDER BY p.position LIMIT ${MOST_INSIDE}`,
  )
  const selectMembers = store.prepare(
    `SELECT ${PREDICTION_COLUMNS} FROM predictions p WHERE p.whole = ? ORDER BY p.position LIMIT ${MOST_INSIDE}`,
  )

  const decode = (row: LedgerRow): Prediction =>
    decodePrediction(row, tasks.madeWith(row.task, row.horizon_seconds), versions.of(row.version))
  const decoded = (rows: readonly unknown[]): readonly Prediction[] => rows.map((row) => decode(row as LedgerRow))
  const decodeWhole = (row: WholeRow): Prediction => withPayload(decode(row), row.body_json)

  /** Writes a checked prediction. @returns false when its ID is there already */
  function write(prediction: Prediction, recorded: number): boolean {
    const reading = tasks.reading(prediction.task)
    expectValue(reading, prediction)
    const payload = payloadJson(prediction)
    const row = predictionRow(prediction)
    const version = versions.idOf(prediction.model)
    const { changes, lastInsertRowid } = insert.run(
      row.id,
      reading.known.id,
      version,
      row.time,
      row.horizon_seconds,
      row.value_json,
      row.scores_json,
      row.slices_json,
      row.entity,
      row.policy_json,
      row.latency_seconds,
      row.error,
      row.parent,
      row.whole,
      recorded,
    )
    if (changes === 0) return false
    if (payload !== null) insertPayload.run(lastInsertRowid, payload)
    versions.count(version, 1)
    return true
  }

  function isKept(prediction: Prediction): boolean {
    const row = select.get(prediction.id) as unknown as WholeRow
    const erased = row.payload !== null && row.body_json === null
    return samePrediction(decodeWhole(row), prediction, erased)
  }

  function appendOne(given: Prediction, recorded: number): Receipt {
    try {
      const prediction = checkedPrediction(given)
      if (write(prediction, recorded)) return receipt(prediction.id, 'stored')
      if (isKept(prediction)) return receipt(prediction.id, 'duplicate')
      return receipt(prediction.id, 'conflict', conflictReason('prediction'))
    } catch (error) {
      return receipt(claimedId(given), 'rejected', refusal(error))
    }
  }

  function subjectOf(row: unknown): Subject {
    const { position, outcome_version: outcomeVersion, closed } = row as SubjectRow
    return { position, prediction: decode(row as SubjectRow), outcomeVersion, closed: closed === 1 }
  }

  return {
    last: () => selectLast.get()?.['last'] as number,
    append(predictions) {
      const recorded = store.now()
      const receipts = predictions.map((prediction) => appendOne(prediction, recorded))
      const stored = predictions.filter((_, index) => receipts[index]?.status === 'stored')
      const members = stored.filter(({ whole }) => whole !== undefined).length
      tallies.add('members', members)
      tallies.add('predictions', stored.length - members)
      return receipts
    },
    find(id) {
      const row = select.get(id) as unknown as WholeRow | undefined
      return row === undefined ? undefined : decodeWhole(row)
    },
    subject(id) {
      const row = selectSubject.get(id)
      return row === undefined ? undefined : subjectOf(row)
    },
    decode: decodeWhole,
    latestByKey: ({ entity, task }, time) =>
      selectByKey.all(entity, time, task) as unknown as ReturnType<Subjects['latestByKey']>,
    subjectAt: (position) => subjectOf(selectSubjectAt.get(position)),
    ofTrace: (traceId) => selectTrace.all(traceId, traceId).map((row) => row['id'] as TrackingId),
    inside: (id) => inOrder(namesOf(id).flatMap((name) => decoded(selectInside.all(name)))),
    membersOf: (whole) =>
      sharing(
        whole,
        namesOf(whole.id).flatMap((name) => decoded(selectMembers.all(name))),
      ),
  }
}

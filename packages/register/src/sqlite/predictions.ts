import {
  checkedPrediction,
  GroundtraceError,
  isValueOf,
  quote,
  type Prediction,
  type Receipt,
  type TrackingId,
} from '@groundtrace/core'
import { sameContent } from '../content.ts'
import { claimedId, conflictReason, jsonOf, receipt, refusal } from '../receipt.ts'
import { decodePrediction, payloadJson, PREDICTION_COLUMNS, withPayload, type PredictionRow } from './prediction-row.ts'
import type { Store } from './store.ts'
import type { Tallies } from './tallies.ts'
import type { Tasks } from './tasks.ts'
import type { Versions } from './versions.ts'

/** A prediction as the join sees it. */
export interface Subject {
  readonly position: number
  /** Without its payload. */
  readonly prediction: Prediction
  /** Version of its latest outcome line; 0 when there is none. */
  readonly outcomeVersion: number
  /** Its horizon line is written. */
  readonly closed: boolean
}

export interface Predictions {
  /** Position of the last line. */
  last(): number
  append(predictions: readonly Prediction[]): readonly Receipt[]
  /** With its payload. */
  find(id: TrackingId): Prediction | undefined
  subject(id: TrackingId): Subject | undefined
  /** The prediction at a position that a row of the register names. */
  subjectAt(position: number): Subject
  decode(row: WholeRow): Prediction
  ofTrace(traceId: string): readonly TrackingId[]
}

type SubjectRow = PredictionRow & {
  readonly position: number
  readonly outcome_version: number
  readonly closed: number
}
/** A prediction with its payload; `payload` is NULL when it never had one, `body_json` when it was erased. */
export type WholeRow = PredictionRow & { readonly payload: number | null; readonly body_json: string | null }

/** What of a prediction is in the ledger; its task by name, since the definition may have been renewed since. */
const ledgerPart = (prediction: Prediction): unknown => ({
  ...prediction,
  task: prediction.task.name,
  features: undefined,
  user: undefined,
})
const payloadPart = ({ features, user }: Prediction): unknown => ({ features, user })

export function predictionTable(store: Store, tasks: Tasks, versions: Versions, tallies: Tallies): Predictions {
  const insert = store.prepare(`
    INSERT INTO predictions (id, task, version, time, horizon_seconds, value_json, scores_json, slices_json, entity,
      policy_json, latency_seconds, error, parent, recorded)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
  // "." follows "-" in ASCII: all IDs of the trace and no others lie between.
  const selectTrace = store.prepare(
    `SELECT id FROM predictions WHERE id > ? || '-' AND id < ? || '.' ORDER BY time, position`,
  )

  const decode = (row: PredictionRow): Prediction => decodePrediction(row, tasks, versions)
  const decodeWhole = (row: WholeRow): Prediction => withPayload(decode(row), row.body_json)

  /** Writes a checked prediction. @returns false when its ID is there already */
  function write(prediction: Prediction, recorded: number): boolean {
    const { id, task, model, time, value, scores, slices, policy } = prediction
    const { known, checkValue } = tasks.reading(task)
    if (checkValue && value !== undefined && !isValueOf(known.task, value)) {
      throw new GroundtraceError(
        'invalid-prediction',
        `${quote(value)} is not a value of task ${task.name}`,
        'Pass one of its classes',
      )
    }
    const payload = payloadJson(prediction)
    const version = versions.idOf(model)
    const { changes, lastInsertRowid } = insert.run(
      id,
      known.id,
      version,
      time,
      task.horizonSeconds,
      jsonOf(value),
      jsonOf(scores),
      jsonOf(slices),
      prediction.entity ?? null,
      jsonOf(policy),
      prediction.latencySeconds ?? null,
      prediction.error ?? null,
      prediction.parent ?? null,
      recorded,
    )
    if (changes === 0) return false
    if (payload !== null) insertPayload.run(lastInsertRowid, payload)
    versions.count(version, 1)
    return true
  }

  /** Compares with what is kept; an erased payload is not compared, since nothing of it is left. */
  function isKept(prediction: Prediction): boolean {
    const row = select.get(prediction.id) as unknown as WholeRow
    const kept = decodeWhole(row)
    const erased = row.payload !== null && row.body_json === null
    return (
      sameContent(ledgerPart(kept), ledgerPart(prediction)) &&
      (erased || sameContent(payloadPart(kept), payloadPart(prediction)))
    )
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
      tallies.add('predictions', receipts.filter(({ status }) => status === 'stored').length)
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
    subjectAt: (position) => subjectOf(selectSubjectAt.get(position)),
    ofTrace: (traceId) => selectTrace.all(traceId, traceId).map((row) => row['id'] as TrackingId),
  }
}

import type { Prediction, TrackingId } from '@groundtrace/core'
import { packFeatures, unpackFeatures, type PackedFeatures } from '../features-json.ts'
import { jsonOf } from '../receipt.ts'
import type { Tasks } from './tasks.ts'
import type { Versions } from './versions.ts'

/** A row of `predictions`, as far as a prediction is read from it. */
export interface PredictionRow {
  readonly id: TrackingId
  readonly task: number
  readonly version: number
  readonly time: number
  readonly horizon_seconds: number
  readonly value_json: string | null
  readonly scores_json: string | null
  readonly slices_json: string | null
  readonly entity: string | null
  readonly policy_json: string | null
  readonly latency_seconds: number | null
  readonly error: string | null
  readonly parent: TrackingId | null
}

/** The columns of a {@link PredictionRow}, of the table under this alias. */
export const PREDICTION_COLUMNS = [
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
]
  .map((column) => `p.${column}`)
  .join(', ')

/** What is erasable of a prediction. */
interface PackedPayload {
  readonly features?: PackedFeatures
  readonly user?: string
}

/** The payload as its row keeps it; null where there is none. @throws GroundtraceError `invalid-argument` for what JSON can't hold */
export function payloadJson({ features, user }: Prediction): string | null {
  if (features === undefined && user === undefined) return null
  return jsonOf({ features: features === undefined ? undefined : packFeatures(features), user })
}

const parsed = (json: string | null): unknown => (json === null ? undefined : JSON.parse(json))

/** A prediction without its payload. */
export function decodePrediction(row: PredictionRow, tasks: Tasks, versions: Versions): Prediction {
  const fields = {
    id: row.id,
    task: tasks.madeWith(row.task, row.horizon_seconds),
    model: versions.of(row.version),
    time: row.time,
    value: parsed(row.value_json),
    scores: parsed(row.scores_json),
    slices: parsed(row.slices_json),
    entity: row.entity ?? undefined,
    policy: parsed(row.policy_json),
    latencySeconds: row.latency_seconds ?? undefined,
    error: row.error ?? undefined,
    parent: row.parent ?? undefined,
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown as Prediction
}

/** A prediction with its payload, as far as that was not erased. */
export function withPayload(prediction: Prediction, bodyJson: string | null): Prediction {
  if (bodyJson === null) return prediction
  const { features, ...rest } = JSON.parse(bodyJson) as PackedPayload
  return { ...prediction, ...(features === undefined ? {} : { features: unpackFeatures(features) }), ...rest }
}

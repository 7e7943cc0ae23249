import type { Model, Prediction, Task, TrackingId } from '@groundtrace/core'
import { sameContent } from './content.ts'
import { packFeatures, unpackFeatures, type PackedFeatures } from './features-json.ts'
import { jsonOf, parsedJson } from './json-column.ts'

/** The columns that hold a prediction itself, but for its task and its model. */
export interface PredictionRow {
  readonly id: TrackingId
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
  readonly whole: TrackingId | null
}

/** The row of a prediction. @throws GroundtraceError `invalid-argument` for what JSON can't hold */
export function predictionRow(prediction: Prediction): PredictionRow {
  const { id, task, time, value, scores, slices, entity, policy, latencySeconds, error, parent, whole } = prediction
  return {
    id,
    time,
    horizon_seconds: task.horizonSeconds,
    value_json: jsonOf(value),
    scores_json: jsonOf(scores),
    slices_json: jsonOf(slices),
    entity: entity ?? null,
    policy_json: jsonOf(policy),
    latency_seconds: latencySeconds ?? null,
    error: error ?? null,
    parent: parent ?? null,
    whole: whole ?? null,
  }
}

/** What is erasable of a prediction, by column. Both NULL: there was nothing, or it was erased. */
export interface PredictionPayload {
  readonly user_json: string | null
  readonly features_json: string | null
}

export const NO_PAYLOAD: PredictionPayload = { user_json: null, features_json: null }

export const isEmptyPayload = (payload: PredictionPayload): boolean =>
  payload.user_json === null && payload.features_json === null

/** The payload as its row keeps it. @throws GroundtraceError `invalid-argument` for what JSON can't hold */
export function payloadOf({ features, user }: Prediction): PredictionPayload {
  if (features === undefined && user === undefined) return NO_PAYLOAD
  return {
    user_json: jsonOf(user),
    features_json: features === undefined ? null : jsonOf(packFeatures(features)),
  }
}

/** A prediction without its payload. The inverse of {@link predictionRow}. */
export function decodePrediction(row: PredictionRow, task: Task, model: Model): Prediction {
  const fields: Record<string, unknown> = { id: row.id, task, model, time: row.time }
  const { value_json, scores_json, slices_json, entity, policy_json, latency_seconds, error, parent, whole } = row
  if (value_json !== null) fields['value'] = JSON.parse(value_json)
  if (scores_json !== null) fields['scores'] = JSON.parse(scores_json)
  if (slices_json !== null) fields['slices'] = JSON.parse(slices_json)
  if (entity !== null) fields['entity'] = entity
  if (policy_json !== null) fields['policy'] = JSON.parse(policy_json)
  if (latency_seconds !== null) fields['latencySeconds'] = latency_seconds
  if (error !== null) fields['error'] = error
  if (parent !== null) fields['parent'] = parent
  if (whole !== null) fields['whole'] = whole
  return fields as unknown as Prediction
}

/** A prediction with its payload, as far as that was not erased. */
export function withPayload(prediction: Prediction, payload: PredictionPayload): Prediction {
  if (isEmptyPayload(payload)) return prediction
  const features = parsedJson(payload.features_json) as PackedFeatures | undefined
  const user = parsedJson(payload.user_json) as string | undefined
  return {
    ...prediction,
    ...(features === undefined ? {} : { features: unpackFeatures(features) }),
    ...(user === undefined ? {} : { user }),
  }
}

/** What of a prediction is in the ledger; its task by name, since the definition may have been renewed since. */
const ledgerPart = (prediction: Prediction): unknown => ({
  ...prediction,
  task: prediction.task.name,
  features: undefined,
  user: undefined,
})
const payloadPart = ({ features, user }: Prediction): unknown => ({ features, user })

/** True when both say the same. An erased payload is not compared, since nothing of it is left. */
export function samePrediction(kept: Prediction, prediction: Prediction, erased: boolean): boolean {
  return (
    sameContent(ledgerPart(kept), ledgerPart(prediction)) &&
    (erased || sameContent(payloadPart(kept), payloadPart(prediction)))
  )
}

import { isKey, isRecord, isTrackingId, type Task, type TrackingId } from '@groundtrace/core'

/** What the model said of a task. `tracePrediction` answers with the first two. */
export interface PreAnnotation {
  /** One of the classes of the task. */
  readonly value: string
  /** Under which the prediction is in the register. */
  readonly trackingId: TrackingId
  /** How sure the model is, in [0, 1]. Label Studio can order tasks by it. Default: it does not say. */
  readonly score?: number
}

/** A pre-annotation that was asked for, shown or not. */
export interface Served {
  /** The bridge's key of the task, where it has one. */
  readonly key: string | undefined
  /** Numbers of the project and the task on the server. */
  readonly project: number
  readonly task: number
  readonly prediction: TrackingId
  readonly value: string
  /** It was kept from the annotator, to see what he says by himself. */
  readonly blind: boolean
  readonly modelVersion: string
}

/** What is wrong with what a model answered, in words; undefined for a pre-annotation. */
export function preAnnotationFault(given: unknown, task: Task): string | undefined {
  if (!isRecord(given)) return 'it is no object'
  const { value, trackingId, score } = given
  if (typeof value !== 'string' || task.classes?.includes(value) !== true)
    return `its value is no class of ${task.name}`
  if (typeof trackingId !== 'string' || !isTrackingId(trackingId)) return 'its trackingId is none'
  if (score !== undefined && !(typeof score === 'number' && score >= 0 && score <= 1))
    return 'its score is not in [0, 1]'
  return undefined
}

/** A task that Label Studio asks about. */
export interface AskedTask {
  readonly project: number
  readonly task: number
  readonly key: string | undefined
  readonly data: Readonly<Record<string, unknown>>
}

/** Reads one task of a request; undefined for what is none. Only its numbers and its data are looked at. */
export function askedTask(given: unknown, keyField: string): AskedTask | undefined {
  if (!isRecord(given)) return undefined
  const { id, project, data } = given
  if (!Number.isSafeInteger(id) || !Number.isSafeInteger(project) || !isRecord(data)) return undefined
  const key = data[keyField]
  return { task: id as number, project: project as number, data, key: isKey(key) ? key : undefined }
}

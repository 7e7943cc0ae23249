import {
  isTrackingId,
  parseTrackingId,
  quote,
  type DataSetMember,
  type LineageLine,
  type Register,
  type TrackingId,
} from '@groundtrace/core'
import { nameOf, refusal } from './argument.ts'

type DataSetMade = LineageLine & { readonly kind: 'data-set-made' }

type WalkedRegister = Pick<Register, 'dataSet' | 'feedback' | 'prediction' | 'predictionsOfTrace' | 'lineageOf'>

/** What walking a data set back brought. */
export interface LineageWalk {
  readonly dataSet: string
  /** Members walked back, broken ones included. */
  readonly checked: number
  /** Members that may not be used any more, and why: `lost` of each says it. What was pruned has no way back. */
  readonly lost: readonly DataSetMember[]
  /** Members whose way back is broken, and where it breaks. */
  readonly broken: readonly { readonly member: DataSetMember; readonly why: string }[]
}

/**
 * Walks every member of a data set back: example → its feedback, joined to the member's prediction → the prediction, of
 * the data set's task → its trace, and forward again: from the trace to the prediction and from there to the data set.
 * Erased payloads break nothing: the ledgers stay. Members that were pruned are lost, not broken.
 * @throws GroundtraceError `invalid-argument` for a data set the register does not know; what the register throws
 */
export async function walkLineage(register: WalkedRegister, dataSet: string): Promise<LineageWalk> {
  const line = await madeLine(register, dataSet)
  const broken: { member: DataSetMember; why: string }[] = []
  for (const member of line.members) {
    if (member.lost === 'pruned') continue
    const why = await breakOf(register, line, member)
    if (why !== undefined) broken.push({ member, why })
  }
  const lost = line.members.filter((member) => member.lost !== undefined)
  return { dataSet, checked: line.members.length, lost, broken }
}

async function madeLine(register: Pick<Register, 'dataSet'>, dataSet: string): Promise<DataSetMade> {
  const line = await register.dataSet(nameOf(dataSet, 'dataSet'))
  if (line !== undefined) return line
  throw refusal(`Data set ${quote(dataSet)} is not in the register`, 'Append its line with appendLineage first')
}

/** Where the way back of one member breaks, in words. */
async function breakOf(
  register: WalkedRegister,
  { dataSet, task }: DataSetMade,
  { example, prediction, feedback }: DataSetMember,
): Promise<string | undefined> {
  if (example !== prediction && !feedback.includes(example)) {
    return `Example ${example} is neither one of its feedback nor its prediction`
  }
  for (const id of feedback) {
    const known = await register.feedback(id)
    if (known === undefined) return `Feedback ${id} is not in the register`
    if (known.prediction?.id !== prediction) return `Feedback ${id} did not join prediction ${prediction}`
  }
  const known = await register.prediction(prediction)
  if (known === undefined) return `Prediction ${prediction} is not in the register`
  if (known.task.name !== task) return `Prediction ${prediction} is of task ${known.task.name}, not ${task}`
  const { traceId } = parseTrackingId(prediction)
  const ofTrace = await register.predictionsOfTrace(traceId)
  if (!ofTrace.includes(prediction)) return `Trace ${traceId} does not lead to prediction ${prediction}`
  const lineage = await register.lineageOf(prediction)
  const leads = lineage.some((line) => line.kind === 'data-set-made' && line.dataSet === dataSet)
  return leads ? undefined : `Prediction ${prediction} does not lead to data set ${dataSet}`
}

/** What a feedback went into. */
export interface PoweredBy {
  readonly dataSets: readonly string[]
  /** `as`: whether the version learned from it or was judged by it. */
  readonly versions: readonly { readonly model: string; readonly version: string; readonly as: DataSetMade['role'] }[]
}

/**
 * Which data sets and model versions a feedback powers. Empty for a feedback that waits for its prediction or went into
 * no data set yet.
 * @throws GroundtraceError `invalid-argument` for a feedback the register does not know; what the register throws
 */
export async function versionsPoweredBy(
  register: Pick<Register, 'feedback' | 'lineageOf'>,
  feedback: TrackingId,
): Promise<PoweredBy> {
  const known = isTrackingId(feedback) ? await register.feedback(feedback) : undefined
  if (known === undefined) {
    throw refusal(`Feedback ${quote(feedback)} is not in the register`, 'Pass the ID that the feedback was stored with')
  }
  const { prediction } = known
  if (prediction === undefined) return { dataSets: [], versions: [] }
  const lines = await register.lineageOf(prediction.id)
  const rests = (member: DataSetMember) => member.prediction === prediction.id && member.feedback.includes(feedback)
  const dataSets = lines.flatMap((line) =>
    line.kind === 'data-set-made' && line.members.some(rests) ? [line.dataSet] : [],
  )
  const versions = lines.flatMap((line) => {
    if (line.kind !== 'version-trained') return []
    const { model, version, trainedOn, validatedOn } = line
    return [
      ...(dataSets.includes(trainedOn) ? [{ model, version, as: 'training' as const }] : []),
      ...(validatedOn !== undefined && dataSets.includes(validatedOn)
        ? [{ model, version, as: 'validation' as const }]
        : []),
    ]
  })
  return { dataSets, versions }
}

/** What a version was made from. */
export interface PoweredVersion {
  readonly model: string
  readonly version: string
  readonly trainedOn: string
  readonly validatedOn?: string
  /** Feedback it learned from, each ID once, in the order of the data set. */
  readonly feedback: readonly TrackingId[]
}

/**
 * The way back from a version: the data set it was trained on and all feedback in it.
 * @throws GroundtraceError `invalid-argument` for a version whose training the register does not know; what the register
 *   throws
 */
export async function feedbackBehind(
  register: Pick<Register, 'versions' | 'dataSet'>,
  model: string,
  version: string,
): Promise<PoweredVersion> {
  const known = (await register.versions()).find((record) => record.model === model && record.version === version)
  if (known?.trainedOn === undefined) {
    throw refusal(
      `The register does not know what version ${quote(version)} of model ${quote(model)} was trained on`,
      'Append its version-trained line first',
    )
  }
  const { trainedOn, validatedOn } = known
  const { members } = await madeLine(register, trainedOn)
  const feedback = [...new Set(members.flatMap((member) => member.feedback))]
  return { model, version, trainedOn, ...(validatedOn === undefined ? {} : { validatedOn }), feedback }
}

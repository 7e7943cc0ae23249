import {
  isTrackingId,
  parseTrackingId,
  quote,
  type FeedbackTarget,
  type JoinedFeedback,
  type LineageLine,
  type LostBy,
  type Outcome,
  type Prediction,
  type Register,
  type TrackingId,
  type TrackingIdParts,
} from '@groundtrace/core'
import { aroundOf, insideOf, rowsOf, type AroundPrediction, type InsidePrediction } from './prediction-tree.ts'

/** A data set that an example of the prediction went into. */
export interface DataSetUse {
  readonly dataSet: string
  readonly role: 'training' | 'validation'
  readonly examples: readonly TrackingId[]
  /** Versions that this data set trained or validated. */
  readonly versions: readonly string[]
  /** Why examples of it may not be used any more. */
  readonly lost?: LostBy
}

/** Everything known about one prediction. */
export interface Trace extends TrackingIdParts {
  readonly trackingId: TrackingId
  readonly prediction: Prediction
  /** What it was made inside of, the nearest first. */
  readonly around: readonly AroundPrediction[]
  /** What was made inside of it, as a tree. */
  readonly inside: readonly InsidePrediction[]
  readonly feedback: readonly JoinedFeedback[]
  readonly outcomes: readonly Outcome[]
  readonly dataSets: readonly DataSetUse[]
}

/** The form of the ID of a trace. */
export const TRACE_ID = /^[0-9a-f]{32}$/

/** What is wrong with a text that has the form neither of a tracking ID nor of a trace ID; undefined where it has one. */
export function faultOfId(text: string): string | undefined {
  if (TRACE_ID.test(text) || isTrackingId(text)) return undefined
  return `${quote(text)} is neither a tracking ID nor a trace ID. Pass <32 hex digits>-<16 hex digits> in lower case, exactly as the prediction returned it, or the 32 hex digits of a trace.`
}

/**
 * IDs of the predictions that a text names, in order of time: by their own ID, by that of the batch whose rows they are, by
 * that of a feedback about them, or by the trace they were made in. Empty when there is none. They may be many: whoever calls a service may choose the trace.
 */
export async function predictionsBy(register: Register, text: string): Promise<readonly TrackingId[]> {
  if (TRACE_ID.test(text)) return await register.predictionsOfTrace(text)
  if (!isTrackingId(text)) return []
  if ((await register.prediction(text)) !== undefined) return [text]
  const feedback = await register.feedback(text)
  if (feedback?.prediction !== undefined) return [feedback.prediction.id]
  return feedback === undefined ? await rowsOf(register, text) : []
}

/** What a feedback that is named by its own ID waits for, or undefined where it waits for nothing or is none. */
export async function awaitedBy(register: Register, text: string): Promise<FeedbackTarget | undefined> {
  const feedback = isTrackingId(text) ? await register.feedback(text) : undefined
  return feedback?.status === 'orphaned' ? feedback.feedback.target : undefined
}

/** Feedback that waits for a prediction of this tracking ID; of much the first 100. */
export async function waitingFor(register: Register, text: string): Promise<readonly JoinedFeedback[]> {
  return isTrackingId(text) ? (await register.waiting({ after: 0, prediction: text, limit: 100 })).lines : []
}

/** Everything known about one prediction, or undefined. */
export async function traceOf(register: Register, id: TrackingId): Promise<Trace | undefined> {
  const prediction = await register.prediction(id)
  if (prediction === undefined) return undefined
  const outcomes = await register.outcomesOf(id)
  return {
    trackingId: id,
    ...parseTrackingId(id),
    prediction,
    around: await aroundOf(register, prediction),
    inside: await insideOf(register, prediction, outcomes.at(-1)),
    feedback: await register.feedbackOn(id),
    outcomes,
    dataSets: usesOf(id, await register.lineageOf(id)),
  }
}

function usesOf(id: TrackingId, lines: readonly LineageLine[]): readonly DataSetUse[] {
  const trained = lines.filter((line) => line.kind === 'version-trained')
  return lines
    .filter((line) => line.kind === 'data-set-made')
    .map(({ dataSet, role, members }) => {
      const own = members.filter((member) => member.prediction === id)
      const lost = own.find((member) => member.lost !== undefined)?.lost
      return {
        dataSet,
        role,
        examples: own.map((member) => member.example),
        versions: trained
          .filter((line) => line.trainedOn === dataSet || line.validatedOn === dataSet)
          .map((line) => `${line.model} ${line.version}`),
        ...(lost === undefined ? {} : { lost }),
      }
    })
}

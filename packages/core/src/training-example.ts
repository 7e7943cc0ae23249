import type { Outcome } from './outcome.ts'
import type { Features, Prediction } from './prediction.ts'
import type { Authority } from './proof.ts'
import type { Value } from './task.ts'
import type { TrackingId } from './tracking-id.ts'

/** What a model can learn from: a known truth with the features it was predicted from, and where both came from. */
export interface TrainingExample {
  /** The tracking ID of the feedback that decided it; the prediction's own where silence did. */
  readonly id: TrackingId
  readonly prediction: TrackingId
  /** All feedback it rests on. */
  readonly feedback: readonly TrackingId[]
  /** Version of the outcome it was made from: a later version may withdraw it. */
  readonly outcomeVersion: number
  readonly task: string
  readonly label: Value
  readonly authority: Authority
  readonly features: Features
  /** When the prediction was made: milliseconds since 1970. Data sets split by it. */
  readonly time: number
  /** Probability that the truth of such a prediction was asked for; absent where it came unasked. */
  readonly propensity?: number
}

/** Why a prediction makes no example. */
export type NoExample = 'not-settled' | 'truth-unknown' | 'features-missing'

/** The example a settled prediction makes, or why it makes none. Pure. */
export function exampleFrom(prediction: Prediction, outcome: Outcome): TrainingExample | NoExample {
  if (outcome.state !== 'settled') return 'not-settled'
  if (outcome.label === undefined || outcome.authority === undefined) return 'truth-unknown'
  if (prediction.features === undefined) return 'features-missing'
  const explored = prediction.policy?.explored === true ? prediction.policy.propensity : undefined
  return {
    id: outcome.evidence[0] ?? prediction.id,
    prediction: prediction.id,
    feedback: outcome.evidence,
    outcomeVersion: outcome.version,
    task: prediction.task.name,
    label: outcome.label,
    authority: outcome.authority,
    features: prediction.features,
    time: prediction.time,
    ...(explored === undefined ? {} : { propensity: explored }),
  }
}

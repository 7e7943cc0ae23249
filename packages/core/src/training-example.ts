import { GroundtraceError } from './errors.ts'
import { OUTCOME_STATES, type Outcome } from './outcome.ts'
import { isListOf, isRecord } from './plain.ts'
import { expectPrediction, type Features, type Prediction } from './prediction.ts'
import type { Authority } from './proof-table.ts'
import { quote } from './quote.ts'
import { isTrackingId, type TrackingId } from './tracking-id.ts'
import type { Value } from './value.ts'

/** What a model can learn from: a known truth with the features it was predicted from, and where both came from. */
export interface TrainingExample {
  /** The tracking ID of the feedback that decided it; the prediction's own where silence did. */
  readonly id: TrackingId
  readonly prediction: TrackingId
  /** The prediction that this one was a member of: an example of that one is about the same. */
  readonly whole?: TrackingId
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

/** Guards against what is no outcome, or that of another prediction. */
function expectOutcomeOf(prediction: Prediction, outcome: Outcome): void {
  if (!isRecord(outcome) || !OUTCOME_STATES.includes(outcome.state) || !isListOf(outcome.evidence, isTrackingId)) {
    throw new GroundtraceError(
      'invalid-outcome',
      `${quote(outcome)} is no outcome`,
      'Pass a line of the outcomes ledger',
    )
  }
  if (outcome.prediction !== prediction.id) {
    throw new GroundtraceError(
      'invalid-argument',
      `The outcome is that of ${quote(outcome.prediction)}, not of ${quote(prediction.id)}`,
      'Pass a prediction together with its own outcome',
    )
  }
}

/**
 * The example a settled prediction makes, or why it makes none. Pure.
 * @throws GroundtraceError `invalid-prediction`, `invalid-outcome`, or `invalid-argument` for the outcome of another prediction
 */
export function exampleFrom(prediction: Prediction, outcome: Outcome): TrainingExample | NoExample {
  expectPrediction(prediction)
  expectOutcomeOf(prediction, outcome)
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
    ...(prediction.whole === undefined ? {} : { whole: prediction.whole }),
  }
}

export { ERROR_CODES, GroundtraceError, type ErrorCode } from './errors.ts'
export {
  callOf,
  formatTrackingId,
  isTrackingId,
  parseTrackingId,
  trackingId,
  trackingIdOfCall,
  type TrackingId,
  type TrackingIdParts,
} from './tracking-id.ts'
export {
  DEFAULT_HORIZON_SECONDS,
  defineTask,
  TASK_KINDS,
  type Task,
  type TaskDefinition,
  type TaskKind,
} from './task.ts'
export { isKey, isName, MAX_KEY_LENGTH } from './key.ts'
export { secretKey, type Secret } from './secret.ts'
export { keyedHash, type KeyedHash } from './keyed-hash.ts'
export { isFeature } from './feature.ts'
export { jsonFault } from './json-fault.ts'
export { isRecord } from './plain.ts'
export { expectedValue } from './expected-value.ts'
export { isValueOf, MAX_LIST_LENGTH, type Value } from './value.ts'
export { checkedPrediction, fitPrediction } from './checked-prediction.ts'
export { MAX_PREDICTION_AHEAD_MS } from './prediction-time.ts'
export {
  horizonOf,
  isUnobservable,
  type Features,
  type FeatureValue,
  type Model,
  type Policy,
  type Prediction,
} from './prediction.ts'
export { checkedFeedback, MAX_CLOCK_SKEW_MS, MAX_TEXT_LENGTH, unknownFeedbackField } from './checked-feedback.ts'
export { FEEDBACK_KINDS, type Answer, type Feedback, type FeedbackKind, type FeedbackTarget } from './feedback.ts'
export {
  AUTHORITIES,
  FEEDBACK_FORMS,
  formOf,
  PROOF_TABLE,
  type Authority,
  type FeedbackForm,
  type Rule,
} from './proof-table.ts'
export { proves, silenceProves, unfit, type Proof } from './proof.ts'
export {
  OUTCOME_PHASES,
  OUTCOME_STATES,
  type Outcome,
  type OutcomePhase,
  type OutcomeState,
  type Verdict,
} from './outcome.ts'
export {
  isCorrect,
  isOfSameMind,
  resolve,
  sameValue,
  standing,
  type Resolution,
  type ResolveOptions,
} from './resolve.ts'
export { memberVerdict, sharesTruth } from './whole.ts'
export { exampleFrom, type NoExample, type TrainingExample } from './training-example.ts'
export {
  checkedLineage,
  type DataSetMember,
  type LineageEvent,
  type LineageKind,
  type LineageLine,
  type LostBy,
} from './lineage.ts'
export {
  LEDGERS,
  RECEIPT_STATUSES,
  type Capabilities,
  type Count,
  type JoinedFeedback,
  type JoinedOutcome,
  type Ledger,
  type LedgerLines,
  type Page,
  type Receipt,
  type ReceiptStatus,
  type Register,
  type Totals,
  type VersionRecord,
  type WaitingPage,
} from './register.ts'
export { taskCatalogue, type TaskCatalogue } from './task-catalogue.ts'
export { type EventProcessor, type LogEvent } from './event.ts'
export { predictionEvent, predictionFromEvent } from './prediction-event.ts'
export { deploymentEvent, deploymentFromEvent, type Deployment } from './deployment-event.ts'
export { flagEvaluationEvent } from './flag-evaluation-event.ts'
export { feedbackEvent, feedbackFromEvent } from './feedback-event.ts'
export { fromHrTime, toHrTime, type HrTime } from './time.ts'
export { feedbackId } from './derived-id.ts'
export { isPropensity } from './probability.ts'
export { enumerated, quote } from './quote.ts'
export { withoutWords } from './without-words.ts'

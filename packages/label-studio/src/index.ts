export type { AnnotationContent, StoredAnnotation } from './client/annotation.ts'
export { type ClientOptions } from './client/client-options.ts'
export { createLabelStudioClient } from './client/create-client.ts'
export {
  LABEL_STUDIO_ERROR_CODES,
  LabelStudioError,
  type LabelStudioErrorCode,
  type LabelStudioFailure,
} from './client/error.ts'
export type { LabelStudio, LabelStudioUser } from './client/label-studio.ts'
export type { MlBackend, MlBackendSettings } from './client/ml-backend.ts'
export {
  SAMPLINGS,
  SKIP_QUEUES,
  type Project,
  type ProjectSettings,
  type Sampling,
  type SkipQueue,
} from './client/project.ts'
export type {
  NewPrediction,
  NewTask,
  StoredDraft,
  StoredPrediction,
  StoredTask,
  StoredTaskDetail,
  TaskIds,
} from './client/task.ts'
export type { Webhook, WebhookSettings } from './client/webhook.ts'

export { anchoring } from './ml-backend/anchoring.ts'
export type { Anchoring, AnchoringOptions, AnchoringState, AnsweredServed } from './ml-backend/anchoring.ts'
export { createMlBackend } from './ml-backend/ml-backend.ts'
export type { MlBackendOptions, MlHandler, MlRequest, MlTrouble } from './ml-backend/ml-backend.ts'
export type { PreAnnotation, Served } from './ml-backend/pre-annotation.ts'

export {
  answerBook,
  type AnswerBook,
  type AnswerChange,
  type AnswerState,
  type BookAnswer,
  type BookUnit,
} from './bridge/answer-book.ts'
export { CHANGE_KINDS, type ChangeKind } from './bridge/answer-ledger.ts'
export {
  BRIDGE_STEPS,
  createBridge,
  type Bridge,
  type BridgeOptions,
  type BridgeProject,
  type BridgeStep,
  type BridgeTick,
  type BridgeTrouble,
} from './bridge/bridge.ts'
export { bridgeStatus, type BridgeStatus } from './bridge/bridge-status.ts'
export { type FeedbackQueue } from './bridge/feedback-queue.ts'
export { GAP_KINDS, type Gap, type GapKind, type Gaps } from './bridge/gaps.ts'
export { KEY_FIELD, labelStudioServer } from './bridge/label-studio-server.ts'
export { openOutbox, type Outbox } from './bridge/outbox.ts'
export { bridgePlan, type PlanBridgeOptions } from './bridge/plan-bridge.ts'
export { type AnswerContent, type AnswerReading, type TaskReading } from './bridge/reading.ts'
export { type Round, type Rounds } from './bridge/rounds.ts'
export { type TaskData } from './bridge/send.ts'
export { type TaskServer } from './bridge/task-server.ts'
export { UNIT_FATES, UNIT_STATES, type PlannedUnit, type Unit, type UnitFate, type UnitState } from './bridge/unit.ts'
export { type UnitCount, type Units } from './bridge/units.ts'
export { WEBHOOK_SECRET_HEADER, type BridgeWebhook, type WebhookCounts, type WebhookRequest } from './bridge/webhook.ts'

export {
  createSelection,
  selectionCursor,
  type Selection,
  type SelectionOptions,
  type SelectionRound,
} from './selection/selection.ts'
export {
  STRATEGIES,
  UNCERTAINTIES,
  type Route,
  type SelectionPlan,
  type Slice,
  type Strategy,
  type Uncertainty,
} from './selection/selection-plan.ts'

export { createLiveAnnotation } from './live/live-annotation.ts'
export type { LiveAnnotation, LiveLoad, LiveOptions, LivePrediction, LiveTimers } from './live/live-annotation.ts'
export { labelStudioBoard } from './live/label-studio-board.ts'
export type { LabelStudioBoardOptions } from './live/label-studio-board.ts'
export type { LiveBoard, LiveTask } from './live/live-board.ts'
export { LIVE_WAYS } from './live/live-decision.ts'
export type { LiveDecision, LiveWay } from './live/live-decision.ts'
export type { ContentionRule, LiveRules } from './live/live-rules.ts'
export type { Skill, Vote } from './live/weigh-votes.ts'
export { ANSWER_FAULTS, type Answer, type AnswerFault, type AnswerForm } from './answers/answer.ts'
export { answerReader } from './answers/answer-reader.ts'
export { shareControl } from './answers/control-names.ts'

export {
  applyPlan,
  planChanges,
  type Applied,
  type AppliedProject,
  type ApplyOptions,
  type PlanServer,
} from './plan/apply-plan.ts'
export { isToDo, type Change } from './plan/change.ts'
export { diffText } from './plan/diff-text.ts'
export type { Guidelines } from './plan/guidelines.ts'
export {
  PROJECT_ROLES,
  type AnnotationPlan,
  type PlannedClass,
  type PlannedProject,
  type PlannedTask,
  type ProjectRole,
  type ShownField,
} from './plan/plan.ts'
export { PlanError, type PlanMistake } from './plan/plan-mistake.ts'
export type { ReadFile } from './plan/read-guidelines.ts'
export { readPlan, type ReadPlanOptions } from './plan/read-plan.ts'
export { taskDataOf } from './plan/task-data.ts'

export { annotatorReport } from './annotators/annotator-report.ts'
export type { AnnotatorReport, AnnotatorReportOptions, DriftReport } from './annotators/annotator-report.ts'
export type { AnnotatorEntry } from './annotators/annotator-entry.ts'
export type { Accuracy, Figure } from './annotators/figure.ts'
export type { SerumFigure } from './annotators/serum-scores.ts'
export type { GroupOfRaters } from './annotators/raters-in-groups.ts'
export { annotatorReportText } from './annotators/report-text.ts'
export { crowdVerdict } from './truth/crowd-verdict.ts'
export type { Belief, CrowdVerdict, Tally } from './truth/crowd-verdict.ts'
export { UNSETTLED_REASONS, type UnsettledReason } from './truth/unsettled-reason.ts'
export type { CrowdChoice, MethodFlaw } from './truth/consensus-choice.ts'
export { expertVerdict, type ExpertVerdict } from './truth/expert-verdict.ts'
export { createTruth, type Truth, type TruthOptions, type TruthRound } from './truth/settle.ts'
export type { Serving, ServingLedger } from './truth/serving-ledger.ts'
export type { TruthFit, TruthLedger, TruthRecord } from './truth/truth-ledger.ts'
export { TRUTH_STAGES, type TruthStage } from './truth/truth-line.ts'
export { checkedTruthPolicy, SETTLING_RULES } from './truth/truth-policy.ts'
export type { CrowdPolicy, ExpertPolicy, RaterGroups, SettlingRule, TruthPolicy } from './truth/truth-policy.ts'
export type { AnswerReader, ParsedAnswer, UnitVotes } from './truth/votes.ts'
export type { GroundTruthServer, MarkedAnswer, ServedTask } from './truth/write-back.ts'
export { planAnswers } from './answers/plan-answers.ts'
export { truthReport } from './truth/truth-report.ts'
export type { ProjectTruth, TruthReport, TruthReportOptions } from './truth/truth-report.ts'
export { truthReportText } from './truth/truth-report-text.ts'
export { qualityReport } from './truth/quality-report.ts'
export type { QualityFigure, QualityReport, QualityReportOptions } from './truth/quality-report.ts'
export { qualityReportText } from './truth/quality-report-text.ts'
export { servedAnswers, type ServedAnswersOptions } from './ml-backend/served-answers.ts'

export type { AnnotationContent, StoredAnnotation } from './client/annotation.ts'
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
export type { NewPrediction, NewTask, StoredDraft, StoredPrediction, StoredTask, TaskIds } from './client/task.ts'
export type { Webhook, WebhookSettings } from './client/webhook.ts'

export { anchoring } from './ml-backend/anchoring.ts'
export type { Anchoring, AnchoringOptions, AnchoringState, AnsweredServed } from './ml-backend/anchoring.ts'
export { createMlBackend } from './ml-backend/ml-backend.ts'
export type { MlBackendOptions, MlHandler, MlRequest, MlTrouble } from './ml-backend/ml-backend.ts'
export type { PreAnnotation, Served } from './ml-backend/pre-annotation.ts'

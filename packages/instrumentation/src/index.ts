export { tracePrediction, type TrackedBatch, type TrackedValue } from './trace-prediction.ts'
export type { BatchOptions, Call, PredictionOptions, RowCall, StreamCall } from './options.ts'
export type { Description } from './description.ts'
export type { FeaturePolicy, FieldPolicy } from './feature-policy.ts'
export { DROPPED_FIELDS, type DroppedField } from './dropped-field.ts'
export { getActiveTrackingId } from './active-tracking-id.ts'
export { getBaggageTrackingId } from './baggage.ts'
export { nodeTrackingIdHeader } from './web/node.ts'
export { expressTrackingIdHeader } from './web/express.ts'
export { fastifyTrackingIdHeader } from './web/fastify.ts'
export { honoTrackingIdHeader, type HonoContext } from './web/hono.ts'
export type { HttpRequest, HttpResponse } from './web/http-answer.ts'
export {
  createFeedbackTracer,
  type FeedbackReceipt,
  type FeedbackTracerOptions,
  type ReceivedFeedback,
} from './feedback-tracer.ts'
export { createPipeline, type Pipeline, type PipelineOptions } from './pipeline.ts'
export type { EventRecord, EventResource, RecordProcessor } from './event-record.ts'
export type { EventLogger, ForwardedRecord } from './forward.ts'
export { LOSS_REASONS, type Loss, type LossReason } from './loss.ts'
export type { FillRandom } from './random-ids.ts'
export { PredictionInstrumentation, type TargetReport } from './prediction-instrumentation.ts'
export type { PredictionInstrumentationConfig } from './instrumentation-config.ts'
export type { OnnxCall, OnnxModel, OnnxSession } from './targets/onnxruntime-node/model.ts'
export type { OpenAiCall, OpenAiModel, OpenAiRequest } from './targets/openai/model.ts'
export { trackingIdOf, trackingIdsOf } from './tracking-id-of.ts'

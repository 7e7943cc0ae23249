/**
 * Every name that Groundtrace says on the wire, in one place. `docs/wire.md` explains them.
 * Where OpenTelemetry has a semantic convention it is used; the rest starts with `groundtrace.`.
 */
export const EVENT_PREDICTION = 'groundtrace.prediction'
export const EVENT_FEEDBACK = 'groundtrace.feedback'
/** A process saw a model version predict for the first time. */
export const EVENT_DEPLOYMENT = 'groundtrace.deployment'

/** Tracking ID of the prediction: on the span, on the prediction event, on feedback about it. */
export const ATTR_TRACKING_ID = 'groundtrace.tracking_id'
/** Response header: tracking IDs of the predictions that were made for the response. */
export const HEADER_TRACKING_ID = 'groundtrace-tracking-id'
/** Business key: order, transaction, message. */
export const ATTR_ENTITY = 'groundtrace.entity'

export const ATTR_TASK_NAME = 'groundtrace.task.name'
export const ATTR_TASK_KIND = 'groundtrace.task.kind'
export const ATTR_TASK_CLASSES = 'groundtrace.task.classes'

export const ATTR_MODEL_NAME = 'groundtrace.model.name'
export const ATTR_MODEL_VERSION = 'groundtrace.model.version'
/** On deployments: the version of the model that the same process saw before. */
export const ATTR_MODEL_PREVIOUS_VERSION = 'groundtrace.model.previous_version'
/** Only on spans: names of the outputs of a model that nobody declared. */
export const ATTR_MODEL_OUTPUTS = 'groundtrace.model.outputs'

export const ATTR_PREDICTION_VALUE = 'groundtrace.prediction.value'
export const ATTR_PREDICTION_SCORES = 'groundtrace.prediction.scores'
export const ATTR_PREDICTION_FEATURES = 'groundtrace.prediction.features'
export const ATTR_PREDICTION_SLICES = 'groundtrace.prediction.slices'
/** Seconds. */
export const ATTR_PREDICTION_LATENCY = 'groundtrace.prediction.latency'
/** Only on spans: row of the batch that a feedback is about, beside the tracking ID of the batch. */
export const ATTR_PREDICTION_ROW = 'groundtrace.prediction.row'
export const ATTR_PREDICTION_PARENT = 'groundtrace.prediction.parent'
export const ATTR_PREDICTION_WHOLE = 'groundtrace.prediction.whole'

export const ATTR_POLICY_VARIANT = 'groundtrace.policy.variant'
export const ATTR_POLICY_ACTION = 'groundtrace.policy.action'
export const ATTR_POLICY_PROPENSITY = 'groundtrace.policy.propensity'
export const ATTR_POLICY_EXPLORED = 'groundtrace.policy.explored'

export const ATTR_FEEDBACK_ID = 'groundtrace.feedback.id'
export const ATTR_FEEDBACK_KIND = 'groundtrace.feedback.kind'
export const ATTR_FEEDBACK_SOURCE = 'groundtrace.feedback.source'
export const ATTR_FEEDBACK_RIGHT = 'groundtrace.feedback.right'
export const ATTR_FEEDBACK_STARS = 'groundtrace.feedback.stars'
export const ATTR_FEEDBACK_LABEL = 'groundtrace.feedback.label'
export const ATTR_FEEDBACK_BY = 'groundtrace.feedback.by'
export const ATTR_FEEDBACK_POSTERIOR = 'groundtrace.feedback.posterior'
export const ATTR_FEEDBACK_METHOD = 'groundtrace.feedback.method'
export const ATTR_FEEDBACK_EDIT_RATE = 'groundtrace.feedback.edit_rate'
export const ATTR_FEEDBACK_ACTION = 'groundtrace.feedback.action'
export const ATTR_FEEDBACK_ITEM = 'groundtrace.feedback.item'
export const ATTR_FEEDBACK_REPORT = 'groundtrace.feedback.report'
export const ATTR_FEEDBACK_COMMENT = 'groundtrace.feedback.comment'
export const ATTR_FEEDBACK_PROPENSITY = 'groundtrace.feedback.propensity'
export const ATTR_FEEDBACK_SUPERSEDES = 'groundtrace.feedback.supersedes'
export const ATTR_FEEDBACK_RETRACTS = 'groundtrace.feedback.retracts'

/** OpenTelemetry: pseudonym of the end user. */
export const ATTR_ENDUSER_PSEUDO_ID = 'enduser.pseudo.id'
/** OpenTelemetry: class of the error of a failed prediction. */
export const ATTR_ERROR_TYPE = 'error.type'

/** OpenTelemetry: the variant of a prediction, as the evaluation of a feature flag. */
export const EVENT_FEATURE_FLAG_EVALUATION = 'feature_flag.evaluation'
export const ATTR_FEATURE_FLAG_KEY = 'feature_flag.key'
export const ATTR_FEATURE_FLAG_RESULT_VARIANT = 'feature_flag.result.variant'
export const ATTR_FEATURE_FLAG_RESULT_REASON = 'feature_flag.result.reason'
export const ATTR_FEATURE_FLAG_PROVIDER_NAME = 'feature_flag.provider.name'
export const ATTR_FEATURE_FLAG_CONTEXT_ID = 'feature_flag.context.id'

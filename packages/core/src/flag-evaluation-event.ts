import type { LogEvent } from './event.ts'
import { isKey } from './key.ts'
import * as semconv from './semconv.ts'

/** Who evaluated the flag. */
const PROVIDER = 'groundtrace'

/** OpenTelemetry: the value comes from a pseudorandom assignment, which is what an A/B test is. */
const SPLIT = 'split'

/**
 * The A/B variant of a prediction as the event that OpenTelemetry has for it, a release candidate of its semantic
 * conventions: https://opentelemetry.io/docs/specs/semconv/feature-flags/feature-flags-events/. The flag is the task: which
 * way of answering it was drawn. The context of the evaluation is the prediction, so nobody's pseudonym is in it.
 * @param event the prediction's, as `predictionEvent` makes it
 * @returns undefined for a prediction without a variant. Never throws
 */
export function flagEvaluationEvent({ attributes, hrTime }: LogEvent): LogEvent | undefined {
  const variant = attributes[semconv.ATTR_POLICY_VARIANT]
  if (!isKey(variant)) return undefined
  const id = attributes[semconv.ATTR_TRACKING_ID]
  return {
    eventName: semconv.EVENT_FEATURE_FLAG_EVALUATION,
    hrTime,
    attributes: {
      [semconv.ATTR_FEATURE_FLAG_KEY]: attributes[semconv.ATTR_TASK_NAME],
      [semconv.ATTR_FEATURE_FLAG_RESULT_VARIANT]: variant,
      [semconv.ATTR_FEATURE_FLAG_RESULT_REASON]: SPLIT,
      [semconv.ATTR_FEATURE_FLAG_PROVIDER_NAME]: PROVIDER,
      [semconv.ATTR_FEATURE_FLAG_CONTEXT_ID]: id,
      [semconv.ATTR_TRACKING_ID]: id,
    },
  }
}

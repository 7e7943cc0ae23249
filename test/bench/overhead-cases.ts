import { defineTask, formatTrackingId } from '@groundtrace/core'
import * as semconv from '@groundtrace/core/semconv'
import { createPipeline, tracePrediction, type RecordProcessor } from '@groundtrace/instrumentation'
import { SpanKind, type Attributes } from '@opentelemetry/api'
import type { Host } from '../../hosts/peers/host.ts'
import { peersOf } from '../../hosts/peers/peers.ts'

export const CASE_NAMES = [
  'nothing',
  'raw span',
  'raw span + log event',
  'ours, sampled',
  'ours, unsampled',
  'ours, with register',
  '@langfuse/tracing',
  '@arizeai/openinference-core',
  'langsmith',
] as const
export type CaseName = (typeof CASE_NAMES)[number]

/** One prediction, by one way of tracking it. */
export type Predict = (mail: Mail) => Promise<unknown>

export interface Mail {
  readonly key: string
  readonly text: string
}

export const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const MODEL = { name: 'filter', version: '2024-07.1' }

/** A model that costs next to nothing, so that what is measured is the tracking. Async, as models are. */
async function predict({ text }: Mail) {
  const spam = text.length % 2 === 0 ? 0.75 : 0.25
  return { label: spam > 0.5 ? 'spam' : 'ham', ham: 1 - spam, spam }
}

/**
 * The cases over one host. Each makes the span active around the prediction, as all but the first do, and hands what it
 * says to processors that swallow it.
 * @param register takes the events of the case with a register
 */
export function casesOn(host: Host, register: RecordProcessor): Readonly<Record<CaseName, Predict>> {
  return {
    nothing: predict,
    'raw span': rawSpan(host),
    'raw span + log event': rawSpanAndEvent(host),
    'ours, sampled': ours(host.tracer, host.logProcessor),
    'ours, unsampled': ours(host.unsampledTracer, host.logProcessor),
    'ours, with register': ours(host.tracer, register),
    ...peersOf(predict).wrapped,
  }
}

function ours(tracer: Host['tracer'], processor: RecordProcessor): Predict {
  return tracePrediction(predict, {
    task: SPAM,
    model: MODEL,
    pipeline: createPipeline({ processors: [processor] }),
    tracer,
    describe: ({ label, ham, spam }, { args: [{ key }] }) => ({ value: label, scores: { ham, spam }, entity: key }),
  })
}

const SPAN_ATTRIBUTES: Attributes = {
  [semconv.ATTR_TASK_NAME]: SPAM.name,
  [semconv.ATTR_TASK_KIND]: SPAM.kind,
  [semconv.ATTR_MODEL_NAME]: MODEL.name,
  [semconv.ATTR_MODEL_VERSION]: MODEL.version,
}

/** By hand: a span that starts with six attributes, and no more. */
function rawSpan({ tracer }: Host): Predict {
  return (mail) => {
    const attributes = { ...SPAN_ATTRIBUTES, [semconv.ATTR_ENTITY]: mail.key, 'mail.characters': mail.text.length }
    return tracer.startActiveSpan('predict filter', { kind: SpanKind.INTERNAL, attributes }, async (span) => {
      const value = await predict(mail)
      span.end()
      return value
    })
  }
}

/** By hand: the very span and the very event of ours, and the tracking ID for the caller. */
function rawSpanAndEvent({ tracer, logger }: Host): Predict {
  return (mail) =>
    tracer.startActiveSpan('predict filter', { kind: SpanKind.INTERNAL, attributes: SPAN_ATTRIBUTES }, async (span) => {
      const trackingId = formatTrackingId(span.spanContext())
      span.setAttribute(semconv.ATTR_TRACKING_ID, trackingId)
      const started = performance.now()
      const value = await predict(mail)
      const latency = (performance.now() - started) / 1000
      span.end()
      const { label, ham, spam } = value
      logger.emit({
        eventName: semconv.EVENT_PREDICTION,
        timestamp: Date.now(),
        attributes: {
          [semconv.ATTR_TRACKING_ID]: trackingId,
          [semconv.ATTR_TASK_NAME]: SPAM.name,
          [semconv.ATTR_TASK_KIND]: SPAM.kind,
          [semconv.ATTR_TASK_CLASSES]: ['ham', 'spam'],
          [semconv.ATTR_MODEL_NAME]: MODEL.name,
          [semconv.ATTR_MODEL_VERSION]: MODEL.version,
          [semconv.ATTR_PREDICTION_VALUE]: label,
          [semconv.ATTR_PREDICTION_SCORES]: { ham, spam },
          [semconv.ATTR_ENTITY]: mail.key,
          [semconv.ATTR_PREDICTION_LATENCY]: latency,
        },
      })
      return { value, trackingId }
    })
}

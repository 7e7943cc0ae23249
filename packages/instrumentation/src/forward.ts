import {
  ATTR_ENDUSER_PSEUDO_ID,
  ATTR_ENTITY,
  ATTR_FEEDBACK_COMMENT,
  ATTR_FEEDBACK_ITEM,
  ATTR_FEEDBACK_LABEL,
  ATTR_FEEDBACK_REPORT,
  ATTR_PREDICTION_FEATURES,
  ATTR_PREDICTION_SCORES,
  ATTR_PREDICTION_VALUE,
  ATTR_TASK_CLASSES,
} from '@groundtrace/core/semconv'
import { trace, type Context, type TimeInput } from '@opentelemetry/api'
import type { EventRecord } from './event-record.ts'

/** What a logger of any OpenTelemetry SDK is given. */
export interface ForwardedRecord {
  readonly eventName?: string | undefined
  readonly timestamp?: TimeInput
  readonly observedTimestamp?: TimeInput
  readonly severityNumber?: number | undefined
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly context?: Context
}

/** A logger of the host: `logs.getLogger(…)` of `@opentelemetry/api-logs` or of `@opentelemetry/api` 1.10. */
export interface EventLogger {
  emit(record: ForwardedRecord): void
}

/** Personal payload, and what names somebody's order, account or item: nobody erases it from a log vendor. */
const WITHHELD: ReadonlySet<string> = new Set([
  ATTR_PREDICTION_FEATURES,
  ATTR_ENDUSER_PSEUDO_ID,
  ATTR_ENTITY,
  ATTR_FEEDBACK_ITEM,
  ATTR_FEEDBACK_COMMENT,
  ATTR_FEEDBACK_REPORT,
])

/** Answers and truths: a number or a class, or whatever a model or a person wrote. */
const ANSWERS: ReadonlySet<string> = new Set([ATTR_PREDICTION_VALUE, ATTR_FEEDBACK_LABEL])

/** OpenTelemetry's INFO. Without a severity a filter by minimum severity treats an event as it likes. */
const INFO = 9

/** The record as the host's logger gets it: without payload. */
export function forwardedRecord(record: EventRecord, context: Context): ForwardedRecord {
  const { spanContext } = record
  return {
    ...(record.eventName === undefined ? {} : { eventName: record.eventName }),
    timestamp: [...record.hrTime],
    observedTimestamp: [...record.hrTimeObserved],
    severityNumber: INFO,
    attributes: forwardedAttributes(record.attributes),
    context: spanContext === undefined ? context : trace.setSpanContext(context, spanContext),
  }
}

/** An answer goes on only where it can't be somebody's words: as a number, or as a class that the task declares. */
function forwardedAttributes(attributes: EventRecord['attributes']): Readonly<Record<string, unknown>> {
  const declared = attributes[ATTR_TASK_CLASSES]
  const classes: readonly unknown[] = Array.isArray(declared) ? declared : []
  const isWordless = (value: unknown): boolean => typeof value === 'number' || classes.includes(value)
  const entries = Object.entries(attributes)
    .filter(([name, value]) => !WITHHELD.has(name) && (!ANSWERS.has(name) || isWordless(value)))
    .map(([name, value]) => (name === ATTR_PREDICTION_SCORES ? [name, scoresOf(value, classes)] : [name, value]))
  return Object.fromEntries(entries) as Readonly<Record<string, unknown>>
}

/** Of scores those of declared classes: where a model writes texts, a score is that of a text. */
function scoresOf(scores: unknown, classes: readonly unknown[]): object {
  return Object.fromEntries(Object.entries(scores as object).filter(([label]) => classes.includes(label)))
}

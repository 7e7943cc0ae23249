import {
  ATTR_ENDUSER_PSEUDO_ID,
  ATTR_FEEDBACK_COMMENT,
  ATTR_FEEDBACK_REPORT,
  ATTR_PREDICTION_FEATURES,
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

/** Personal payload. It may be erased from a register; nobody erases it from a log vendor, so it never goes there. */
const WITHHELD: ReadonlySet<string> = new Set([
  ATTR_PREDICTION_FEATURES,
  ATTR_ENDUSER_PSEUDO_ID,
  ATTR_FEEDBACK_COMMENT,
  ATTR_FEEDBACK_REPORT,
])

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
    attributes: Object.fromEntries(Object.entries(record.attributes).filter(([name]) => !WITHHELD.has(name))),
    context: spanContext === undefined ? context : trace.setSpanContext(context, spanContext),
  }
}

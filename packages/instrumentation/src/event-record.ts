import type { HrTime, LogEvent } from '@groundtrace/core'
import type { Context, SpanContext } from '@opentelemetry/api'
import { SCOPE } from './scope.ts'

/** Who emits: the part of an OpenTelemetry resource that processors and exporters read. Any SDK's `Resource` is one. */
export interface EventResource {
  readonly attributes: Readonly<Record<string, unknown>>
  readonly schemaUrl?: string | undefined
  readonly asyncAttributesPending?: boolean | undefined
  waitForAsyncAttributes?(): Promise<void>
}

/**
 * One event as a processor gets it: plain data with everything that a readable log record of OpenTelemetry SDK 2.x and
 * 3.x has, so that the log record processors and exporters of both work behind it. The record and its attributes are
 * frozen: what one processor does to them never reaches the next. To change a record, pass on `{ ...record, … }`.
 */
export interface EventRecord extends LogEvent {
  readonly hrTimeObserved: HrTime
  readonly spanContext?: SpanContext | undefined
  readonly severityNumber?: number | undefined
  readonly severityText?: string | undefined
  readonly body?: unknown
  readonly resource: EventResource
  readonly instrumentationScope: { readonly name: string; readonly version?: string | undefined }
  readonly droppedAttributesCount: number
}

/**
 * Takes records as they are emitted: a `LogRecordProcessor` of any OpenTelemetry SDK, or an `EventProcessor` such as the
 * register's.
 */
export interface RecordProcessor {
  onEmit(record: EventRecord, context?: Context): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
  /** Hears of events that were lost before any processor saw them; the register's writes them into its loss ledger. */
  onLoss?(reason: string, lines: number, cause?: unknown): unknown
}

/** The event as a record. @param observed when it was emitted */
export function eventRecord(
  event: LogEvent,
  observed: HrTime,
  resource: EventResource,
  spanContext: SpanContext | undefined,
): EventRecord {
  return Object.freeze({
    eventName: event.eventName,
    hrTime: event.hrTime,
    hrTimeObserved: observed,
    spanContext,
    severityNumber: undefined,
    severityText: undefined,
    body: undefined,
    resource,
    instrumentationScope: SCOPE,
    // What core makes of a prediction is frozen already.
    attributes: Object.isFrozen(event.attributes) ? event.attributes : Object.freeze({ ...event.attributes }),
    droppedAttributesCount: 0,
  })
}

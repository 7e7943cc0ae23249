import {
  fromHrTime,
  GroundtraceError,
  keyedHash,
  quote,
  toHrTime,
  type KeyedHash,
  type LogEvent,
  type Secret,
} from '@groundtrace/core'
import type { Context, SpanContext } from '@opentelemetry/api'
import { activeContext } from './active-context.ts'
import { DROPPED_FIELDS, type DroppedField } from './dropped-field.ts'
import { eventsBeside } from './events-beside.ts'
import { eventRecord, type EventRecord, type EventResource, type RecordProcessor } from './event-record.ts'
import { forwardedRecord, type EventLogger } from './forward.ts'
import { attempt } from './attempt.ts'
import { createLossCounter, type Loss, type LossReason } from './loss.ts'
import { unknownOption } from './option-checks.ts'
import { isThenable, quietened } from './thenable.ts'

export interface PipelineOptions {
  /** Where every event goes, in this order. */
  readonly processors: readonly RecordProcessor[]
  /** Who emits. Default: `service.name` is `unknown_service:node`, as OpenTelemetry asks of the nameless. */
  readonly resource?: EventResource | undefined
  /** The host's own logger, to which events are forwarded without features, users, business keys and whatever may be words. Default: none. */
  readonly forward?: EventLogger | undefined
  /**
   * Makes pseudonyms of users and hashes of features, so that neither leaves the service as it is: at least 16 random bytes,
   * the same in every replica. Default: none; users are left out, and a policy that hashes is refused.
   */
  readonly secret?: Secret | undefined
  /** Milliseconds since 1970, for the time of observation. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** The way of our events out of the process; independent of any OpenTelemetry SDK. */
export interface Pipeline {
  /**
   * Hands an event to every processor, at once, and after that of a prediction what it brings along: the deployment that it
   * is the first sign of, and its variant as the evaluation of a flag. Never throws: what fails is counted.
   * @param spanContext the span that the event belongs to. Default: none
   * @param context handed to the processors. Default: the active one
   */
  emit(event: LogEvent, spanContext?: SpanContext, context?: Context): void
  /** Counts an event, or so many events, that were lost before they could be emitted. Never throws. */
  lose(reason: LossReason, cause?: unknown, events?: number): void
  /** What was lost since the pipeline was made, by reason; empty when nothing was. */
  loss(): Loss
  /** Counts what was left out of a prediction, or cut, so many times; default once. Never throws. */
  dropField(field: DroppedField, count?: number): void
  /** How often each field was left out or cut; empty when none was. The predictions themselves were emitted. */
  droppedFields(): Readonly<Partial<Record<DroppedField, number>>>
  /** Makes pseudonyms and hashes with the pipeline's secret. Absent without one. */
  readonly keyedHash?: KeyedHash | undefined
  /** Resolves when every processor has flushed. Never rejects: a failure is counted as `flush-failed`. */
  forceFlush(): Promise<void>
  /** Shuts every processor down, once; events emitted from now on are lost as `pipeline-closed`. Never rejects. */
  shutdown(): Promise<void>
}

const NAMELESS: EventResource = Object.freeze({
  attributes: Object.freeze({ 'service.name': 'unknown_service:node' }),
})

/** Makes a pipeline. @throws GroundtraceError `invalid-argument` when something in it is no processor, resource, logger or secret */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { processors, resource, forward, now, secret } = checked(options)
  const losses = createLossCounter((reason, events, cause) => {
    for (const processor of processors) attempt(() => processor.onLoss?.(reason, events, cause))
  })
  const dropped = new Map<DroppedField, number>(DROPPED_FIELDS.map((field) => [field, 0]))
  let closing: Promise<void> | undefined

  /** Told what a processor or a logger returned: a promise is not in the contract, but its rejection would end the process. */
  function watch(returned: unknown, reason: LossReason): void {
    if (isThenable(returned)) returned.then(undefined, (fault: unknown) => losses.count(reason, fault))
  }

  const beside = eventsBeside(() => dropField('deployment'))

  function dropField(field: DroppedField, count = 1): void {
    const before = dropped.get(field)
    if (before !== undefined) dropped.set(field, before + count)
  }

  function forwardTo(logger: EventLogger, record: EventRecord, context: Context): void {
    try {
      watch(logger.emit(forwardedRecord(record, context)), 'forward-failed')
    } catch (fault) {
      losses.count('forward-failed', fault)
    }
  }

  /** @returns the record; undefined for what is no event */
  function handOut(event: LogEvent, spanContext: SpanContext | undefined, context: Context): EventRecord | undefined {
    let record: EventRecord
    try {
      record = eventRecord(checkedEvent(event), toHrTime(quietened(now())), resource, spanContext)
    } catch (error) {
      losses.count('event-invalid', error)
      return undefined
    }
    for (const processor of processors) {
      try {
        watch(processor.onEmit(record, context), 'processor-failed')
      } catch (fault) {
        losses.count('processor-failed', fault)
      }
    }
    if (forward !== undefined) forwardTo(forward, record, context)
    return record
  }

  async function settle(action: (processor: RecordProcessor) => Promise<void>): Promise<void> {
    const results = await Promise.allSettled(processors.map(async (processor) => action(processor)))
    for (const result of results) if (result.status === 'rejected') losses.count('flush-failed', result.reason)
  }

  return {
    emit(event, spanContext, context = activeContext()) {
      if (closing !== undefined) return losses.count('pipeline-closed')
      const record = handOut(event, spanContext, context)
      if (record === undefined) return
      const others = beside(record)
      if (others.length > 0) for (const other of others) handOut(other, spanContext, context)
    },
    lose: (reason, cause, events) => losses.count(reason, cause, events),
    loss: () => losses.counts(),
    dropField,
    droppedFields: () => Object.fromEntries([...dropped].filter(([, count]) => count > 0)),
    keyedHash: secret === undefined ? undefined : keyedHash(secret),
    forceFlush: () => settle((processor) => processor.forceFlush()),
    shutdown: () => (closing ??= settle((processor) => processor.shutdown())),
  }
}

/** @throws GroundtraceError `invalid-event`, or `invalid-argument` for a time that is none */
function checkedEvent(event: LogEvent): LogEvent {
  if (typeof event?.attributes !== 'object' || event.attributes === null) {
    throw new GroundtraceError(
      'invalid-event',
      `${quote(event)} is no event`,
      'Emit what predictionEvent or feedbackEvent made',
    )
  }
  fromHrTime(event.hrTime)
  return event
}

const invalid = (cause: string, nextStep: string): GroundtraceError =>
  new GroundtraceError('invalid-argument', `createPipeline: ${cause}`, nextStep)

const OPTIONS = ['processors', 'resource', 'forward', 'secret', 'now'] as const satisfies (keyof PipelineOptions)[]

function checked(options: PipelineOptions) {
  const { processors, resource = NAMELESS, forward, now = Date.now, secret } = options ?? {}
  const unknown = unknownOption(options ?? {}, OPTIONS)
  if (unknown !== undefined) throw invalid(`there is no option ${quote(unknown)}`, `Pass some of ${OPTIONS.join(', ')}`)
  if (!Array.isArray(processors) || !processors.every((processor) => can(processor, PROCESSOR_METHODS))) {
    throw invalid(
      'processors is not a list of processors',
      'Pass objects with onEmit, forceFlush and shutdown, such as a BatchLogRecordProcessor',
    )
  }
  if (typeof resource?.attributes !== 'object' || resource.attributes === null) {
    throw invalid('resource has no attributes', 'Pass the resource of your OpenTelemetry SDK, or { attributes }')
  }
  if (forward !== undefined && !can(forward, ['emit'])) {
    throw invalid('forward is no logger', 'Pass what getLogger of your logger provider returns')
  }
  if (typeof now !== 'function') throw invalid('now is no function', 'Pass a function that returns milliseconds')
  return { processors: [...processors] as readonly RecordProcessor[], resource, forward, now, secret }
}

const PROCESSOR_METHODS = ['onEmit', 'forceFlush', 'shutdown'] as const

function can(object: unknown, methods: readonly string[]): boolean {
  if (typeof object !== 'object' || object === null) return false
  return methods.every((method) => typeof (object as Record<string, unknown>)[method] === 'function')
}

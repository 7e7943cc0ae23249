import { GroundtraceError } from './errors.ts'
import { isRecord } from './plain.ts'
import { quote } from './quote.ts'
import { millisecondsOf, type HrTime } from './time.ts'

/** One OpenTelemetry log event: the part of every OpenTelemetry SDK's readable log record that we read. */
export interface LogEvent {
  readonly eventName?: string | undefined
  readonly hrTime: HrTime
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Takes events as they are emitted; a log record processor of any OpenTelemetry SDK. None of its methods throws. */
export interface EventProcessor {
  onEmit(event: LogEvent): void
  /** Resolves when everything emitted so far is where it should be. */
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
  /** Hears of lines that were lost before they could be emitted, by reason (a bounded word). Default: nobody hears. */
  onLoss?(reason: string, lines: number, cause?: unknown): void
}

/** What an event says, attribute by attribute. */
export type Attributes = Readonly<Record<string, unknown>>

export function invalidEvent(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-event', cause, nextStep)
}

/** The parts of an event that we read; time in milliseconds since 1970. @throws GroundtraceError `invalid-event` */
export function openedEvent(event: LogEvent): { readonly attributes: Attributes; readonly time: number } {
  if (!isRecord(event) || !isRecord(event.attributes))
    throw invalidEvent(`${quote(event)} is no event with attributes`, 'Pass a log record of an OpenTelemetry SDK')
  const time = millisecondsOf(event.hrTime)
  if (time === undefined)
    throw invalidEvent('The time of the event is no time', 'Send [seconds since 1970, nanoseconds] as hrTime')
  return { attributes: event.attributes, time }
}

/** The fields that have a value. Their names are ours, so no `__proto__` is among them; a loop, because every event pays for it. */
export function present<T extends Record<string, unknown>>(fields: T): T {
  const known: Record<string, unknown> = {}
  for (const field of Object.keys(fields)) if (fields[field] !== undefined) known[field] = fields[field]
  return known as T
}

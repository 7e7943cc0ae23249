import { GroundtraceError, type HrTime, type LogEvent } from '@groundtrace/core'
import { tooLarge } from '../http/refusal.ts'
import { Faults } from './faults.ts'

/** Records, and the envelopes around them, in one request: each costs time to look at, however small it is. */
const MOST_ENTRIES = 100_000
/** Levels of lists and maps in an attribute; a prediction has three. */
export const DEEPEST_VALUE = 8

/** What the log records of one request say: our events, how many are none of ours, and how many can't be read. */
export class Records {
  readonly events: LogEvent[] = []
  readonly faults = new Faults()
  ignored = 0
  #entries = 0

  /** Counts a record or an envelope. @throws Refusal 413 */
  enter(): void {
    this.#entries += 1
    if (this.#entries > MOST_ENTRIES)
      throw tooLarge(`The request holds more than ${MOST_ENTRIES} records. Send fewer at once.`)
  }

  /** Takes a record; one that can't be read never harms those beside it. @param read undefined for one that is not ours */
  take(read: () => LogEvent | undefined): void {
    this.enter()
    try {
      const event = read()
      if (event === undefined) this.ignored += 1
      else this.events.push(event)
    } catch (error) {
      this.faults.add(error, 'invalid-event')
    }
  }
}

const NANOSECONDS_IN_SECOND = 1_000_000_000n

/** OTLP's time, nanoseconds since 1970. Where the event has none, that of its observation stands in, as OpenTelemetry asks. */
export function eventTime(time: bigint, observed: bigint): HrTime {
  const nanoseconds = time === 0n ? observed : time
  if (nanoseconds === 0n) {
    throw new GroundtraceError('invalid-event', 'The event has no time', 'Send when it happened as time_unix_nano')
  }
  return [Number(nanoseconds / NANOSECONDS_IN_SECOND), Number(nanoseconds % NANOSECONDS_IN_SECOND)]
}

/** Sets a key that somebody else has chosen: `__proto__` becomes a key like others, for core to refuse. */
export function setKey(record: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(record, key, { value, enumerable: true, configurable: true })
  else record[key] = value
}

export function tooDeep(): GroundtraceError {
  return new GroundtraceError(
    'invalid-event',
    `An attribute is nested deeper than ${DEEPEST_VALUE} levels`,
    'Flatten features before they are sent',
  )
}

export function tooLong(most: number): GroundtraceError {
  return new GroundtraceError(
    'invalid-event',
    `An event is longer than ${most} bytes`,
    'Leave out features that are long: a prediction is no place for files',
  )
}

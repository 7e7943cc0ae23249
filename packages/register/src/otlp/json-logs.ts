import { GroundtraceError, quote, type LogEvent } from '@groundtrace/core'
import { isEventName } from '../batch.ts'
import { parseJson } from '../http/parse-json.ts'
import { DEEPEST_VALUE, eventTime, Records, setKey, tooDeep, tooLong } from './records.ts'

type Message = Readonly<Record<string, unknown>>

/** Lists, objects and their members in one body: 40 for each of as many records as a request may hold. */
const MOST_PARTS = 4_000_000

const WHOLE = /^-?[0-9]{1,20}$/
const NANOSECONDS = /^[0-9]{1,20}$/
const MOST_NANOSECONDS = 2n ** 64n - 1n
const MOST_INT64 = 2n ** 63n - 1n
/** Protobuf's JSON for the numbers that JSON lacks. */
const NOT_IN_JSON: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])

function malformed(cause: string): GroundtraceError {
  return new GroundtraceError('invalid-event', cause, 'Send OTLP in its JSON encoding')
}

function messageOf(value: unknown, what: string): Message {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Message
  throw malformed(`${what} is ${quote(value)}, not an object`)
}

/** A repeated field; absent or null is empty. */
function listOf(value: unknown, what: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value as readonly unknown[]
  throw malformed(`${what} is ${quote(value)}, not a list`)
}

function textOf(value: unknown, what: string): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string' && value.isWellFormed()) return value
  throw malformed(`${what} is ${typeof value === 'string' ? 'half of a character' : quote(value)}, not a text`)
}

/** 64 bits: a decimal text, or a number where that is exact. */
function nanosecondsOf(value: unknown, what: string): bigint {
  if (value === undefined || value === null) return 0n
  const isNumber = Number.isInteger(value) && (value as number) >= 0
  const nanoseconds = isNumber || NANOSECONDS.test(textOf(value, what)) ? BigInt(value as string | number) : undefined
  if (nanoseconds !== undefined && nanoseconds <= MOST_NANOSECONDS) return nanoseconds
  throw malformed(`${what} is ${quote(value)}, not nanoseconds since 1970`)
}

/** A whole number that a double holds exactly, else a `bigint`. */
function integerOf(value: unknown): number | bigint {
  if (Number.isSafeInteger(value)) return value as number
  const isWhole = Number.isInteger(value) || (typeof value === 'string' && WHOLE.test(value))
  const integer = isWhole ? BigInt(value as string | number) : undefined
  if (integer === undefined || integer > MOST_INT64 || integer < -MOST_INT64 - 1n)
    throw malformed(`intValue ${quote(value)} is no whole number of 64 bits`)
  const number = Number(integer)
  return typeof value === 'string' && Number.isSafeInteger(number) ? number : integer
}

function doubleOf(value: unknown): number {
  if (typeof value === 'number') return value
  const special = NOT_IN_JSON.get(value)
  if (special !== undefined) return special
  const number = typeof value === 'string' && value.trim() === value && value !== '' ? Number(value) : Number.NaN
  if (Number.isFinite(number)) return number
  throw malformed(`doubleValue ${quote(value)} is no number`)
}

function boolOf(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw malformed(`boolValue ${quote(value)} is neither true nor false`)
}

function mapOf(entries: unknown, what: string, depth: number): Readonly<Record<string, unknown>> {
  const record: Record<string, unknown> = {}
  for (const entry of listOf(entries, what)) {
    const { key, value } = messageOf(entry, `An entry of ${what}`)
    const read = valueOf(value, depth)
    if (read !== undefined) setKey(record, textOf(key, 'A key'), read)
  }
  return record
}

/** OTLP's AnyValue as the value it stands for; undefined for an empty one. */
function valueOf(any: unknown, depth: number): unknown {
  if (any === undefined || any === null) return undefined
  if (depth > DEEPEST_VALUE) throw tooDeep()
  const value = messageOf(any, 'A value')
  if (isGiven(value.stringValue)) return textOf(value.stringValue, 'stringValue')
  if (isGiven(value.doubleValue)) return doubleOf(value.doubleValue)
  if (isGiven(value.intValue)) return integerOf(value.intValue)
  if (isGiven(value.boolValue)) return boolOf(value.boolValue)
  if (isGiven(value.arrayValue)) {
    const { values } = messageOf(value.arrayValue, 'arrayValue')
    return listOf(values, 'arrayValue.values').map((item) => valueOf(item, depth + 1))
  }
  if (isGiven(value.kvlistValue)) {
    return mapOf(messageOf(value.kvlistValue, 'kvlistValue').values, 'kvlistValue.values', depth + 1)
  }
  if (isGiven(value.bytesValue)) return Buffer.from(textOf(value.bytesValue, 'bytesValue'), 'base64')
  return undefined
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

function eventOf(message: unknown): LogEvent | undefined {
  const record = messageOf(message, 'A log record')
  const eventName = textOf(record.eventName, 'eventName')
  if (!isEventName(eventName)) return undefined
  return {
    eventName,
    hrTime: eventTime(
      nanosecondsOf(record.timeUnixNano, 'timeUnixNano'),
      nanosecondsOf(record.observedTimeUnixNano, 'observedTimeUnixNano'),
    ),
    attributes: mapOf(record.attributes, 'attributes', 1),
  }
}

/**
 * Reads the records of an OTLP ExportLogsServiceRequest in JSON. A record that can't be read is a fault of its own.
 * @param maxRecordBytes longest record that is read, in characters of its JSON
 * @throws GroundtraceError `invalid-event` when what is around the records can't be read; Refusal 400 or 413
 */
export function readJsonLogs(body: Uint8Array, maxRecordBytes: number): Records {
  const records = new Records()
  /** A record is no longer than the body it is in. */
  const isLong = (record: unknown): boolean =>
    body.length > maxRecordBytes && JSON.stringify(record).length > maxRecordBytes
  for (const resourceLogs of listOf(messageOf(parseJson(body, MOST_PARTS), 'The body').resourceLogs, 'resourceLogs')) {
    records.enter()
    for (const scopeLogs of listOf(messageOf(resourceLogs, 'resourceLogs').scopeLogs, 'scopeLogs')) {
      records.enter()
      for (const record of listOf(messageOf(scopeLogs, 'scopeLogs').logRecords, 'logRecords')) {
        records.take(() => {
          if (isLong(record)) throw tooLong(maxRecordBytes)
          return eventOf(record)
        })
      }
    }
  }
  return records
}

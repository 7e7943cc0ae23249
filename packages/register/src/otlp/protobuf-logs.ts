import type { LogEvent } from '@groundtrace/core'
import { isEventName } from '../batch.ts'
import { DEEPEST_VALUE, eventTime, Records, setKey, tooDeep, tooLong } from './records.ts'
import { WIRE, WireReader } from './wire-reader.ts'

const tagOf = (field: number, type: number): number => (field << 3) | type

/** Fields of OTLP's messages that are read, by message; see `opentelemetry/proto/{collector/,}logs/v1` and `common/v1`. */
const RESOURCE_LOGS = tagOf(1, WIRE.bytes)
const SCOPE_LOGS = tagOf(2, WIRE.bytes)
const LOG_RECORDS = tagOf(2, WIRE.bytes)
const RECORD = {
  time: tagOf(1, WIRE.fixed64),
  attributes: tagOf(6, WIRE.bytes),
  observedTime: tagOf(11, WIRE.fixed64),
  eventName: tagOf(12, WIRE.bytes),
} as const
const KEY_VALUE = { key: tagOf(1, WIRE.bytes), value: tagOf(2, WIRE.bytes) } as const
const VALUES = tagOf(1, WIRE.bytes)
const ANY_VALUE = {
  string: tagOf(1, WIRE.bytes),
  bool: tagOf(2, WIRE.varint),
  int: tagOf(3, WIRE.varint),
  double: tagOf(4, WIRE.fixed64),
  list: tagOf(5, WIRE.bytes),
  map: tagOf(6, WIRE.bytes),
  bytes: tagOf(7, WIRE.bytes),
} as const

/** Goes through the messages of a repeated field and passes over all others. */
function each(message: WireReader, field: number, take: (item: WireReader) => void): void {
  while (message.hasMore) {
    const tag = message.tag()
    if (tag === field) take(message.message())
    else message.skip(tag)
  }
}

function listOf(message: WireReader, depth: number): readonly unknown[] {
  const items: unknown[] = []
  each(message, VALUES, (item) => items.push(valueOf(item, depth)))
  return items
}

function addKeyValue(message: WireReader, record: Record<string, unknown>, depth: number): void {
  let key = ''
  let value: unknown
  while (message.hasMore) {
    const tag = message.tag()
    if (tag === KEY_VALUE.key) key = message.string()
    else if (tag === KEY_VALUE.value) value = valueOf(message.message(), depth)
    else message.skip(tag)
  }
  if (value !== undefined) setKey(record, key, value)
}

function mapOf(message: WireReader, depth: number): Readonly<Record<string, unknown>> {
  const record: Record<string, unknown> = {}
  each(message, VALUES, (entry) => addKeyValue(entry, record, depth))
  return record
}

/** OTLP's AnyValue as the value it stands for; undefined for an empty one. The last of several counts. */
function valueOf(message: WireReader, depth: number): unknown {
  if (depth > DEEPEST_VALUE) throw tooDeep()
  let value: unknown
  while (message.hasMore) {
    const tag = message.tag()
    if (tag === ANY_VALUE.string) value = message.string()
    else if (tag === ANY_VALUE.double) value = message.double()
    else if (tag === ANY_VALUE.int) value = message.int64()
    else if (tag === ANY_VALUE.bool) value = message.bool()
    else if (tag === ANY_VALUE.map) value = mapOf(message.message(), depth + 1)
    else if (tag === ANY_VALUE.list) value = listOf(message.message(), depth + 1)
    else if (tag === ANY_VALUE.bytes) value = message.bytes()
    else message.skip(tag)
  }
  return value
}

/** An event of ours, or undefined: attributes of others, and bodies, are not even looked at. */
function eventOf(message: WireReader): LogEvent | undefined {
  const attributesToo = message.again()
  let eventName = ''
  let time = 0n
  let observed = 0n
  while (message.hasMore) {
    const tag = message.tag()
    if (tag === RECORD.eventName) eventName = message.string()
    else if (tag === RECORD.time) time = message.fixed64()
    else if (tag === RECORD.observedTime) observed = message.fixed64()
    else message.skip(tag)
  }
  if (!isEventName(eventName)) return undefined
  const attributes: Record<string, unknown> = {}
  each(attributesToo, RECORD.attributes, (entry) => addKeyValue(entry, attributes, 1))
  return { eventName, hrTime: eventTime(time, observed), attributes }
}

/**
 * Reads the records of an OTLP ExportLogsServiceRequest in protobuf. A record that can't be read is a fault of its own as
 * long as its frame is whole.
 * @param maxRecordBytes longest record that is read
 * @throws GroundtraceError `invalid-event` when the frames around the records are damaged; Refusal 413 for too many records
 */
export function readProtobufLogs(body: Uint8Array, maxRecordBytes: number): Records {
  const records = new Records()
  each(WireReader.over(body), RESOURCE_LOGS, (resourceLogs) => {
    records.enter()
    each(resourceLogs, SCOPE_LOGS, (scopeLogs) => {
      records.enter()
      each(scopeLogs, LOG_RECORDS, (record) => {
        records.take(() => {
          if (record.length > maxRecordBytes) throw tooLong(maxRecordBytes)
          return eventOf(record)
        })
      })
    })
  })
  return records
}

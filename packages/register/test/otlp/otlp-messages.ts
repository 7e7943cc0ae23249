import protobuf from 'protobufjs'

/** OTLP's messages as far as logs need them, by the field numbers of opentelemetry-proto and googleapis. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message AnyValue {
    oneof value {
      string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4;
      ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7;
    }
  }
  message ArrayValue { repeated AnyValue values = 1; }
  message KeyValueList { repeated KeyValue values = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
  message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; }
  message LogRecord {
    fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5;
    repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8; bytes trace_id = 9;
    bytes span_id = 10; fixed64 observed_time_unix_nano = 11; string event_name = 12;
  }
  message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
  message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
  message Request { repeated ResourceLogs resource_logs = 1; }
  message Response { PartialSuccess partial_success = 1; }
  message PartialSuccess { int64 rejected_log_records = 1; string error_message = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message Any { string type_url = 1; bytes value = 2; }
  message BadRequest { repeated FieldViolation field_violations = 1; }
  message FieldViolation { string field = 1; string description = 2; }
`)

type MessageName = 'LogRecord' | 'Request' | 'Response' | 'Status' | 'BadRequest'

/** A message by an encoder that is not ours. */
export function encoded(name: MessageName, message: object): Buffer {
  const type = root.lookupType(name)
  return Buffer.from(type.encode(type.fromObject(message)).finish())
}

/** A message by a decoder that is not ours; 64-bit numbers as text. */
export function decoded(name: MessageName, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const type = root.lookupType(name)
  return type.toObject(type.decode(bytes), { longs: String })
}

/** What an attribute can hold, for tests: plain data, and `bigint` for an int. */
export type Plain = string | number | bigint | boolean | readonly Plain[] | { readonly [key: string]: Plain }

/** OTLP's AnyValue in its JSON form, which the encoder takes too. */
function anyValue(value: Plain): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: String(value) }
  if (typeof value === 'number') return { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value as Record<string, Plain>) } }
}

function keyValues(record: Readonly<Record<string, Plain>>): readonly object[] {
  return Object.entries(record).map(([key, value]) => ({ key, value: anyValue(value) }))
}

export interface LogOptions {
  readonly name?: string
  readonly time?: string
  readonly observed?: string
}

/** A log record in OTLP's JSON form. Default: a prediction of 14 November 2023. */
export function logRecord(attributes: Readonly<Record<string, Plain>>, options: LogOptions = {}): object {
  return {
    timeUnixNano: options.time ?? '1700000000125000000',
    observedTimeUnixNano: options.observed ?? '1700000001000000000',
    eventName: options.name ?? 'groundtrace.prediction',
    attributes: keyValues(attributes),
  }
}

/** A request of these records, in OTLP's JSON form. */
export function requestOf(logRecords: readonly object[]): object {
  const resource = { attributes: keyValues({ 'service.name': 'mail' }) }
  return { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'mail', version: '1' }, logRecords }] }] }
}

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...varint(value >>> 7)])

/** A length-delimited field around bytes of any kind. */
export function framed(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes])
}

/** A request in protobuf whose records are these bytes, whatever they are. */
export function requestAround(records: readonly Uint8Array[]): Buffer {
  return framed(1, framed(2, Buffer.concat(records.map((record) => framed(2, record)))))
}

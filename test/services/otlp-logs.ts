import type { LogEvent } from '@groundtrace/core'

/** OTLP's AnyValue in its JSON form. */
function anyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value as object) } }
}

function keyValues(map: object): readonly object[] {
  return Object.entries(map).map(([key, value]) => ({ key, value: anyValue(value) }))
}

/** A request to `/v1/logs` in OTLP's JSON: what an exporter would send of these events. */
export function otlpLogs(events: readonly LogEvent[]): string {
  const logRecords = events.map(({ eventName, hrTime: [seconds, nanoseconds], attributes }) => ({
    eventName,
    timeUnixNano: `${seconds}${String(nanoseconds).padStart(9, '0')}`,
    attributes: keyValues(attributes),
  }))
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A log record as it came over the wire. */
export interface ReceivedLog {
  readonly eventName: string
  readonly timeUnixNano: string
  readonly observedTimeUnixNano: string
  readonly traceId: string
  readonly spanId: string
  readonly severityNumber: number | undefined
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly scope: { readonly name: string; readonly version?: string }
}

/** A span as it came over the wire. */
export interface ReceivedSpan {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly status: { readonly code: number; readonly message?: string }
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly events: readonly string[]
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly flags?: number }[]
}

/** An OTLP/HTTP receiver on a free port of this machine that decodes what exporters send as JSON. */
export interface OtlpReceiver {
  readonly url: string
  /** By path: `/v1/logs` or another that an exporter was pointed to. */
  readonly logs: (path: string) => readonly ReceivedLog[]
  /** Those of them that are predictions and feedback. */
  readonly lines: (path: string) => readonly ReceivedLog[]
  readonly spans: () => readonly ReceivedSpan[]
  readonly close: () => Promise<void>
}

interface AnyValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: number | string
  readonly doubleValue?: number
  readonly arrayValue?: { readonly values?: readonly AnyValue[] }
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] }
}
interface KeyValue {
  readonly key: string
  readonly value: AnyValue
}
type Message = Readonly<Record<string, unknown>> & { readonly attributes?: readonly KeyValue[] }
interface Scoped {
  readonly scope: ReceivedLog['scope']
  readonly logRecords?: readonly Message[]
  readonly spans?: readonly Message[]
}
interface Request {
  readonly resourceLogs?: readonly { readonly resource: Message; readonly scopeLogs: readonly Scoped[] }[]
  readonly resourceSpans?: readonly { readonly resource: Message; readonly scopeSpans: readonly Scoped[] }[]
}

/** OTLP's AnyValue as the value it stands for; integers come as JSON numbers or, by the specification, as texts. */
function valueOf(value: AnyValue): unknown {
  if (value.intValue !== undefined) return Number(value.intValue)
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(valueOf)
  if (value.kvlistValue !== undefined) return mapOf(value.kvlistValue.values)
  return value.stringValue ?? value.boolValue ?? value.doubleValue
}

function mapOf(entries: readonly KeyValue[] = []): Readonly<Record<string, unknown>> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, valueOf(value)]))
}

function logsOf({ resourceLogs = [] }: Request): readonly ReceivedLog[] {
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ scope, logRecords = [] }) =>
      logRecords.map((log) => ({
        ...log,
        attributes: mapOf(log.attributes),
        resource: mapOf(resource.attributes),
        scope,
      })),
    ),
  ) as unknown as readonly ReceivedLog[]
}

function spansOf({ resourceSpans = [] }: Request): readonly ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans = [] }) =>
      spans.map((span) => ({
        ...span,
        attributes: mapOf(span.attributes),
        resource: mapOf(resource.attributes),
        events: (span['events'] as readonly { name: string }[]).map(({ name }) => name),
      })),
    ),
  ) as unknown as readonly ReceivedSpan[]
}

const LINES: ReadonlySet<string> = new Set(['groundtrace.prediction', 'groundtrace.feedback'])

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const requests: { readonly path: string; readonly body: Request }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Request })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const logs = (path: string): readonly ReceivedLog[] =>
    requests.filter((request) => request.path === path).flatMap(({ body }) => logsOf(body))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    logs,
    lines: (path) => logs(path).filter(({ eventName }) => LINES.has(eventName)),
    spans: () => requests.flatMap(({ body }) => spansOf(body)),
    close: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  }
}

import { defineTask } from '@groundtrace/core'
import { HEADER_TRACKING_ID } from '@groundtrace/core/semconv'
import {
  createFeedbackTracer,
  createPipeline,
  getBaggageTrackingId,
  nodeTrackingIdHeader,
  tracePrediction,
  type ReceivedFeedback,
} from '@groundtrace/instrumentation'
import { context, propagation, trace } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * A service that predicts, asks another service while it does, and takes feedback long after:
 * `node web-service.ts <sampled|unsampled|no-sdk> <receiver>`. It is the same file on both SDKs. What its clients were told
 * goes to standard output as one JSON object.
 */
const [mode = '', receiver = ''] = process.argv.slice(2)
process.env['OTEL_TRACES_SAMPLER'] = mode === 'sampled' ? 'always_on' : 'always_off'
process.env['OTEL_METRICS_EXPORTER'] = 'none'
process.env['OTEL_LOGS_EXPORTER'] = 'none'
const sdk =
  mode === 'no-sdk'
    ? undefined
    : new NodeSDK({ traceExporter: new OTLPTraceExporter({ url: `${receiver}/v1/traces` }) })
sdk?.start()

const pipeline = createPipeline({
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${receiver}/v1/logs` }) })],
  secret: '0123456789abcdef',
})
const tracer = trace.getTracer('web-service')
const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const model = { name: 'filter', version: '1' }

/** Asks the other service, as an instrumented client does: with the context in the headers. */
async function enrich(): Promise<string> {
  const headers: Record<string, string> = {}
  propagation.inject(context.active(), headers)
  return (await fetch(`${url}/enrich`, { headers })).text()
}

async function enriched(key: string): Promise<{ readonly label: string; readonly enriched: string }> {
  return { label: key === 'mail-1' ? 'spam' : 'ham', enriched: await enrich() }
}

const classify = tracePrediction(enriched, {
  task: spam,
  model,
  pipeline,
  baggage: true,
  describe: ({ label }, { args: [key] }) => ({ value: label, entity: key }),
})
const classifyAll = tracePrediction((keys: readonly string[]) => keys.map(() => 'ham'), {
  task: spam,
  model,
  pipeline,
  rows: (keys) => keys.length,
  describe: (labels, { row }) => ({ value: labels[row] ?? 'ham' }),
})
const receive = createFeedbackTracer({ pipeline, task: spam, now: () => 1_700_000_000_000 })

const ROUTES: Readonly<Record<string, (body: string) => unknown>> = {
  '/classify': async (body) => (await classify(body)).value,
  '/classify-all': async (body) => (await classifyAll(body.split(','))).value,
  '/enrich': () => {
    const id = getBaggageTrackingId()
    if (id !== undefined) trace.getActiveSpan()?.setAttribute('groundtrace.tracking_id', id)
    return id ?? 'nothing'
  },
  '/feedback': (body) => {
    const receipt = receive(JSON.parse(body) as ReceivedFeedback)
    return receipt.status === 'emitted' ? receipt : { status: receipt.status, reason: receipt.error.message }
  },
}

/** Answers in a span of its own in the trace of the caller, as an instrumented server does. */
async function answer(request: IncomingMessage): Promise<unknown> {
  const path = request.url ?? ''
  const caller = propagation.extract(context.active(), request.headers)
  return tracer.startActiveSpan(`${request.method} ${path}`, {}, caller, async (span) => {
    try {
      return await ROUTES[path]?.(await text(request))
    } finally {
      span.end()
    }
  })
}

const server = createServer(
  nodeTrackingIdHeader((request, response) => {
    void answer(request).then((body) => response.end(typeof body === 'string' ? body : JSON.stringify(body)))
  }),
)
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

async function ask(path: string, body: string): Promise<{ readonly header: string | null; readonly body: unknown }> {
  const response = await fetch(`${url}${path}`, { method: 'POST', body })
  return { header: response.headers.get(HEADER_TRACKING_ID), body: await response.json() }
}

const thumb = { kind: 'rating', right: false, source: 'recipient' }
const feedback = async (said: object): Promise<unknown> =>
  (await ask('/feedback', JSON.stringify({ ...thumb, ...said }))).body

const single = await ask('/classify', 'mail-1')
const batch = await ask('/classify-all', 'mail-2,mail-3')
const call = batch.header?.split(';')[0] ?? ''
const told = {
  single,
  batch,
  thumb: await feedback({ target: { prediction: single.header }, user: 'ann@example.org', comment: 'a friend' }),
  row: await feedback({ target: { prediction: `${call}-1` }, idempotencyKey: 'mail-3' }),
  key: await feedback({ target: { entity: 'mail-1', task: 'spam' } }),
  refused: await feedback({ target: { prediction: 'mail-1' } }),
  loss: pipeline.loss(),
}
server.close()
server.closeAllConnections()
await pipeline.shutdown()
await sdk?.shutdown()
process.stdout.write(JSON.stringify(told))

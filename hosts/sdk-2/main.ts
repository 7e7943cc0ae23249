import type { Logger } from '@opentelemetry/api-logs'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
} from '@opentelemetry/sdk-trace-node'
import { runService } from '../service.ts'

/** A log record processor of this generation that exports by OTLP/HTTP. */
function batchProcessor(url: string): BatchLogRecordProcessor {
  return new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url }) })
}

/** The service's own logger, and how to flush it. */
function hostLogger(url: string): { readonly logger: Logger; readonly flush: () => Promise<void> } {
  const provider = new LoggerProvider({ processors: [batchProcessor(url)] })
  return { logger: provider.getLogger('service'), flush: () => provider.forceFlush() }
}

/** Starts tracing as a service on SDK 2.x does. @returns what shuts it down */
function startTracing(url: string, sampled: boolean): () => Promise<void> {
  const provider = new NodeTracerProvider({
    sampler: sampled ? new AlwaysOnSampler() : new AlwaysOffSampler(),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  })
  provider.register()
  return () => provider.shutdown()
}

await runService({ batchProcessor, hostLogger, startTracing })

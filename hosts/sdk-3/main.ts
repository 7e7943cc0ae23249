import { context, trace, type Logger } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { AlwaysOffSampler, AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
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

/** Starts tracing as a service on SDK 3.x does. @returns what shuts it down */
function startTracing(url: string, sampled: boolean): () => Promise<void> {
  const provider = new TracerProvider({
    sampler: sampled ? new AlwaysOnSampler() : new AlwaysOffSampler(),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  return () => provider.shutdown()
}

await runService({ batchProcessor, hostLogger, startTracing })

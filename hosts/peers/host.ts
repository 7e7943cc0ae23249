import { context, trace, type Logger, type Tracer } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { AlwaysOffSampler, TracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace'

/** A host on the OpenTelemetry SDK whose processors take everything and do nothing with it. */
export interface Host {
  /** Of the global provider, which samples everything. */
  readonly tracer: Tracer
  /** Of a provider that samples nothing. */
  readonly unsampledTracer: Tracer
  readonly logger: Logger
  readonly logProcessor: LogRecordProcessor
  /** Spans that were ended and log records that were emitted so far: a benchmark of nothing would show. */
  readonly taken: () => { readonly spans: number; readonly logs: number }
}

/** Starts it: the tracer provider and the context manager are the process's. */
export function startHost(): Host {
  const taken = { spans: 0, logs: 0 }
  const done = { forceFlush: async () => {}, shutdown: async () => {} }
  const spanProcessor: SpanProcessor = { onStart() {}, onEnd: () => void (taken.spans += 1), ...done }
  const logProcessor: LogRecordProcessor = { onEmit: () => void (taken.logs += 1), ...done }
  const provider = new TracerProvider({ spanProcessors: [spanProcessor] })
  const unsampled = new TracerProvider({ sampler: new AlwaysOffSampler(), spanProcessors: [spanProcessor] })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  return {
    tracer: provider.getTracer('bench'),
    unsampledTracer: unsampled.getTracer('bench'),
    logger: new LoggerProvider({ processors: [logProcessor] }).getLogger('bench'),
    logProcessor,
    taken: () => ({ ...taken }),
  }
}

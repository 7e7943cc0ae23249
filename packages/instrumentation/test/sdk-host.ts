import { context, trace, type Tracer } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AlwaysOnSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
  type Sampler,
} from '@opentelemetry/sdk-trace'

/** A host on a real OpenTelemetry SDK, in the process of the test. */
export interface SdkHost {
  readonly provider: TracerProvider
  /** A tracer of the host's own, for spans around predictions. */
  readonly tracer: Tracer
  readonly spans: () => readonly ReadableSpan[]
  readonly stop: () => void
}

export function startSdk(sampler: Sampler = new AlwaysOnSampler()): SdkHost {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  startContextManager()
  trace.setGlobalTracerProvider(provider)
  return { provider, tracer: provider.getTracer('host'), spans: () => exporter.getFinishedSpans(), stop }
}

/** A host that carries a context but has no SDK: an application that only uses the API. */
export function startContextManager(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
}

export function stop(): void {
  trace.disable()
  context.disable()
}

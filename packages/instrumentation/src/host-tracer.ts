import { trace, type Tracer, type TracerProvider } from '@opentelemetry/api'
import { SCOPE } from './scope.ts'

/** The tracer that the host has now; asked for at each span. */
export type TracerSource = () => Tracer

/** The tracer that was given, or else the host's. */
export function tracerSource(given: Tracer | undefined): TracerSource {
  return given === undefined ? hostTracer() : () => given
}

/**
 * The tracer of whatever provider the host has registered, whenever it did. Node may load `@opentelemetry/api` twice, as
 * CommonJS and as an ES module, and a tracer that was asked for early in the one copy never hears of a provider that is
 * registered later with the other. What both copies share is where providers are registered: that is looked at each time.
 */
export function hostTracer(): TracerSource {
  let known: TracerProvider | undefined
  let tracer: Tracer | undefined
  return () => {
    const registered = trace.getTracerProvider()
    if (tracer === undefined || registered !== known) {
      tracer = registered.getTracer(SCOPE.name, SCOPE.version)
      known = registered
    }
    return tracer
  }
}

import { trace } from '@opentelemetry/api'

/** Where every copy of `@opentelemetry/api` 1.x looks for what the host registered. */
const GLOBAL_API = Symbol.for('opentelemetry.js.api.1')

/**
 * Says what is wrong when the host registered a tracer provider that our copy of `@opentelemetry/api` refuses to use: a
 * copy uses what the same or a later minor version registered, and silently gives a tracer that does nothing otherwise.
 * Undefined when the provider is visible, and when there is none.
 */
export function apiMismatch(): string | undefined {
  const registered = (globalThis as Record<symbol, unknown>)[GLOBAL_API] as
    | { readonly version?: string; readonly trace?: unknown }
    | undefined
  if (registered?.trace === undefined || trace.getTracerProvider() === registered.trace) return undefined
  return (
    `This service registered its tracer with @opentelemetry/api ${registered.version}, which the later version beside ` +
    'Groundtrace cannot use: predictions get tracking IDs and events, but no spans. Run `npm ls @opentelemetry/api` and ' +
    'install the one version that the OpenTelemetry SDK of this service asks for.'
  )
}

import { trace } from '@opentelemetry/api'
import { attempt } from './attempt.ts'

/** Where every copy of `@opentelemetry/api` 1.x looks for what the host registered. */
const GLOBAL_API = Symbol.for('opentelemetry.js.api.1')

interface Registered {
  readonly version?: string
  readonly trace?: unknown
}

const registered = (): Registered | undefined =>
  (globalThis as Record<symbol, unknown>)[GLOBAL_API] as Registered | undefined

/** True when the host registered a tracer provider, by whatever copy of the API. */
export function hasTracerProvider(): boolean {
  return registered()?.trace !== undefined
}

/**
 * Says what is wrong when the host registered a tracer provider that our copy of `@opentelemetry/api` refuses to use: a
 * copy uses what the same or a later minor version registered, and silently gives a tracer that does nothing otherwise.
 * Undefined when the provider is visible, and when there is none.
 */
export function apiMismatch(): string | undefined {
  const host = registered()
  if (host?.trace === undefined || trace.getTracerProvider() === host.trace) return undefined
  return (
    `This service registered its tracer with @opentelemetry/api ${host.version}, which the later version beside ` +
    'Groundtrace cannot use: predictions get tracking IDs and events, but no spans. Run `npm ls @opentelemetry/api` and ' +
    'install the one version that the OpenTelemetry SDK of this service asks for.'
  )
}

/** The APIs whose mismatch was told: one in a process, which is the same object for as long as the process lives. */
const told = new WeakSet<Registered>()

/** Tells of a mismatch, once in a process, however many functions and libraries are tracked in it. Never throws. */
export function tellOfMismatch(warn: (message: string) => void): void {
  const host = registered()
  if (host === undefined || told.has(host)) return
  const mismatch = apiMismatch()
  if (mismatch === undefined) return
  told.add(host)
  attempt(() => warn(mismatch))
}

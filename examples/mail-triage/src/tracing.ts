import { seededRandom } from '@groundtrace/statistics'
import { context, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider, type IdGenerator } from '@opentelemetry/sdk-trace'

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** An ID of so many random bytes in hex, not all of them zero. */
function hex(random: () => number, bytes: number): string {
  let text = ''
  for (let index = 0; index < bytes; index += 1) text += BYTES[Math.floor(random() * BYTES.length)]
  return /[^0]/.test(text) ? text : hex(random, bytes)
}

/** Trace and span IDs that the same seed gives again: who is in a holdout follows from them. */
function seededIds(seed: number): IdGenerator {
  const random = seededRandom(`ids ${seed}`)
  return { generateTraceId: () => hex(random, 16), generateSpanId: () => hex(random, 8) }
}

/**
 * The tracing of the service, set up as any service on OpenTelemetry does it, before its libraries are loaded; its spans go
 * nowhere here.
 * @returns what takes it down again
 */
export function startTracing(seed: number): () => void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(new TracerProvider({ idGenerator: seededIds(seed) }))
  return () => {
    trace.disable()
    context.disable()
  }
}

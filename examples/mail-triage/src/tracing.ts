import { seededRandom } from '@groundtrace/statistics'
import { context, type Tracer } from '@opentelemetry/api'
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

/** The tracer of the service, as any service on OpenTelemetry has one; its spans go nowhere here. */
export function startTracing(seed: number): Tracer {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  return new TracerProvider({ idGenerator: seededIds(seed) }).getTracer('mail-triage')
}

import { seededRandom } from '@groundtrace/statistics'
import { context, type Tracer } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { TracerProvider, type IdGenerator } from '@opentelemetry/sdk-trace'

const HEX_DIGITS = 8

function hex(random: () => number, words: number): string {
  const text = Array.from({ length: words }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(HEX_DIGITS, '0'),
  ).join('')
  return /^0*$/.test(text) ? hex(random, words) : text
}

/** Trace and span IDs that the same seed gives again: who is in a holdout follows from them. */
function seededIds(seed: number): IdGenerator {
  const random = seededRandom(`ids ${seed}`)
  return { generateTraceId: () => hex(random, 4), generateSpanId: () => hex(random, 2) }
}

/** The tracer of the service, as any service on OpenTelemetry has one; its spans go nowhere here. */
export function startTracing(seed: number): Tracer {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  return new TracerProvider({ idGenerator: seededIds(seed) }).getTracer('mail-triage')
}

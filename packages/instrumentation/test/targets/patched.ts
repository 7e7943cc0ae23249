import type { PredictionInstrumentationConfig } from '@groundtrace/instrumentation'
import { hostTracer } from '../../src/host-tracer.ts'
import { patchMethod } from '../../src/patch-method.ts'
import type { Target } from '../../src/targets/target.ts'

/** Patches what looks like a library, as the instrumentation does when it is loaded. */
export function patch(target: Target, exports: object, config: PredictionInstrumentationConfig): void {
  const watch = {
    tracer: hostTracer(),
    pipeline: config.pipeline,
    baggage: false,
    now: config.now ?? Date.now,
    monotonic: config.monotonic ?? (() => performance.now()),
    warn: () => {},
  }
  for (const point of target.points(exports)) {
    patchMethod(point.owner, point.method, (original) => point.patch(original, () => ({ config, watch })))
  }
}

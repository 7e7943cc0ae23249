import type { TrackingId } from '@groundtrace/core'
import { applyIn } from './active-context.ts'
import { createObserver, type Observation } from './observation.ts'
import type { BatchOptions, PredictionOptions } from './options.ts'
import { checkedSetup } from './setup.ts'
import { observeStream } from './stream-observation.ts'
import { isThenable } from './thenable.ts'

/** What a tracked function resolves to. */
export interface TrackedValue<Value> {
  /** What the predict function returned, or what its promise resolved to; the same object. */
  readonly value: Value
  readonly trackingId: TrackingId
}

/** What a tracked function of batches resolves to. */
export interface TrackedBatch<Value> {
  readonly value: Value
  /** One for each row, in order. Empty when the rows could not be counted. */
  readonly trackingIds: readonly TrackingId[]
}

/**
 * Tracks a function that predicts: a span, a tracking ID and an event for each call.
 *
 * The returned function takes the same arguments and `this`, calls `predict` at once and resolves to its value with the
 * tracking ID. When `predict` throws or rejects, it rejects with the very same error, and the event carries its class.
 * A value that is an async iterable (a stream) comes back as the same object; the prediction ends when it does, or when
 * its reader stops.
 *
 * Nothing else can make it fail: what goes wrong in describing, in the pipeline or in the host's tracer is counted in
 * `pipeline.loss()` or ignored.
 * @throws GroundtraceError `invalid-argument` for options that can't work
 */
export function tracePrediction<This, Args extends unknown[], Result>(
  predict: (this: This, ...args: Args) => Result,
  options: BatchOptions<Args, Awaited<Result>>,
): (this: This, ...args: Args) => Promise<TrackedBatch<Awaited<Result>>>
export function tracePrediction<This, Args extends unknown[], Result>(
  predict: (this: This, ...args: Args) => Result,
  options: PredictionOptions<Args, Awaited<Result>>,
): (this: This, ...args: Args) => Promise<TrackedValue<Awaited<Result>>>
export function tracePrediction(
  predict: (...args: unknown[]) => unknown,
  options: BatchOptions<unknown[], unknown> | PredictionOptions<unknown[], unknown>,
): (...args: unknown[]) => Promise<unknown> {
  const setup = checkedSetup(predict, options)
  const observe = createObserver(setup)
  const isBatch = setup.rows !== undefined

  // No async function: its state would be a third of what a prediction allocates.
  function tracked(this: unknown, ...args: unknown[]): Promise<unknown> {
    const observation = observe(args)
    let returned: unknown
    try {
      returned = applyIn(observation.context, predict, this, args)
    } catch (thrown) {
      observation.failed(thrown)
      return Promise.reject(thrown)
    }
    if (!isThenable(returned)) return Promise.resolve(answered(observation, returned))
    return Promise.resolve(returned).then(
      (value) => answered(observation, value),
      (thrown: unknown) => {
        observation.failed(thrown)
        throw thrown
      },
    )
  }

  function answered(observation: Observation, value: unknown): unknown {
    if (isBatch || !observeStream(value, observation, setup.pipeline)) observation.succeeded(value)
    const { trackingIds } = observation
    return isBatch ? { value, trackingIds } : { value, trackingId: trackingIds[0] }
  }
  return Object.defineProperties(tracked, {
    name: { value: predict.name, configurable: true },
    length: { value: predict.length, configurable: true },
  })
}

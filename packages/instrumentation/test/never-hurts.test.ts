import { tracePrediction, type Pipeline } from '@groundtrace/instrumentation'
import { context, diag, trace, type Span } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Description } from '../src/description.ts'
import { record } from './recording.ts'
import { startSdk, type SdkHost } from './sdk-host.ts'
import { FILTERED, SPAM } from './spam-filter.ts'
import { unhandledRejections } from './unhandled-rejections.ts'

const FAULT = new Error('not yours')
const fail = (): never => {
  throw FAULT
}
const reject = async (): Promise<never> => fail()

/** Computed, for the linter is right to refuse a thenable that nobody tests with. */
const THEN = ['th', 'en'].join('')

/** Throws at whatever is done to it. */
const hostile: object = new Proxy(
  {},
  { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail, set: fail },
)

/** A span of the prediction's own, which takes what is said of it. */
const OWN_SPAN = {
  spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }),
  isRecording: () => false,
}

let host: SdkHost
const unhandled = unhandledRejections()
beforeEach(() => {
  host = startSdk()
})
afterEach(() => {
  host.stop()
})

describe('the value comes through, with its tracking ID, and the loss is counted', () => {
  test.each<[string, () => unknown, string]>([
    ['describe throws', fail, 'describe-failed'],
    ['describe returns nothing', () => undefined, 'prediction-invalid'],
    ['describe returns no object', () => 'ham', 'prediction-invalid'],
    ['describe returns a class that the task does not have', () => ({ value: 'eggs' }), 'prediction-invalid'],
    ['describe returns an object that cannot be read', () => hostile, 'prediction-invalid'],
    ['describe returns scores that cannot be read', () => ({ value: 'ham', scores: hostile }), 'prediction-invalid'],
    ['describe is async', async () => ({ value: 'ham' }), 'prediction-invalid'],
    ['describe rejects', async () => fail(), 'prediction-invalid'],
    [
      'describe returns a promise that cannot be read',
      () => Object.assign(() => {}, { [THEN]: fail }),
      'prediction-invalid',
    ],
  ])('when %s', async (_, describe, reason) => {
    const { pipeline, records } = record(SPAM)
    const predict = tracePrediction(() => 'ham', { ...FILTERED, pipeline, describe: describe as () => Description })
    const { value, trackingId } = await predict()
    // One turn of the event loop, after which Node reports rejections that nobody handled.
    await new Promise((resolve) => setImmediate(resolve))
    expect(value).toBe('ham')
    expect(host.spans()[0]?.attributes['groundtrace.tracking_id']).toBe(trackingId)
    expect(records).toEqual([])
    expect(pipeline.loss()).toEqual({ [reason]: 1 })
    expect(unhandled).toEqual([])
  })

  test.each<[string, () => unknown]>([
    ['throws', fail],
    ['returns nothing', () => undefined],
    ['returns a name that is no bounded word', () => ({ name: 'my filter', version: '1' })],
    ['returns an object that cannot be read', () => hostile],
  ])('when the function that names the model %s', async (_, model) => {
    const { pipeline } = record(SPAM)
    const predict = tracePrediction(() => 'ham', { ...FILTERED, pipeline, model: model as () => typeof FILTERED.model })
    const { value } = await predict()
    expect(value).toBe('ham')
    expect(host.spans()[0]?.name).toBe('predict')
    expect(pipeline.loss()).toEqual({ 'model-failed': 1 })
  })

  test.each<[string, () => unknown]>([
    ['throws', fail],
    ['returns no number', () => hostile],
    ['returns a negative number', () => -1],
  ])('when the function that counts the rows %s', async (_, rows) => {
    const { pipeline, records } = record(SPAM)
    const predict = tracePrediction(() => ['ham'], {
      ...FILTERED,
      pipeline,
      rows: rows as () => number,
      describe: () => ({ value: 'ham' }),
    })
    expect(await predict()).toEqual({ value: ['ham'], trackingIds: [] })
    expect(records).toEqual([])
    expect(pipeline.loss()).toEqual({ 'rows-failed': 1 })
  })
})

describe('the value comes through as the very same object', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  test.each<[string, unknown]>([
    ['cyclic', cyclic],
    ['a BigInt', 10n ** 30n],
    ['an object that throws at every touch', hostile],
    ['a detached buffer', detached()],
    ['a function', () => 1],
  ])('when it is %s', async (_, answer) => {
    const { pipeline, records } = record(SPAM)
    const inputs: unknown[] = []
    const predict = tracePrediction(
      (input: unknown) => {
        inputs.push(input)
        return { answer }
      },
      { ...FILTERED, pipeline, describe: () => ({ value: 'ham' }) },
    )
    const { value } = await predict(answer)
    expect(value.answer === answer).toBe(true)
    expect(inputs[0] === answer).toBe(true)
    expect(records).toHaveLength(1)
  })

  test('also when predict returns such an object itself', async () => {
    const predict = tracePrediction(() => hostile, { ...FILTERED, describe: () => ({ value: 'ham' }) })
    const { value } = await predict()
    expect(value === hostile).toBe(true)
  })
})

test('a promise of a subclass is awaited', async () => {
  class ApiPromise<T> extends Promise<T> {}
  const predict = tracePrediction(() => ApiPromise.resolve('ham'), FILTERED)
  expect((await predict()).value).toBe('ham')
})

describe('a callback that should answer at once, and rejects later, does not end the process', () => {
  test.each<[string, Record<string, unknown>]>([
    ['the name of the model', { model: reject }],
    ['the count of the rows', { rows: reject }],
    ['the clock', { now: reject }],
    ['the stop watch', { monotonic: reject }],
    ['the random source', { random: reject, tracer: { startSpan: () => undefined } }],
    ['the end of the span', { tracer: { startSpan: () => ({ ...OWN_SPAN, end: reject }) } }],
  ])('when it is %s', async (_, callback) => {
    const { pipeline } = record(SPAM)
    const predict = tracePrediction(() => 'ham', { ...FILTERED, pipeline, ...callback } as typeof FILTERED)
    expect((await predict()).value).toBe('ham')
    // One turn of the event loop, after which Node reports rejections that nobody handled.
    await new Promise((resolve) => setImmediate(resolve))
    expect(unhandled).toEqual([])
  })

  test("when it is the host's logger", async () => {
    const logger = { error: reject, warn: reject, info: reject, debug: reject, verbose: reject }
    diag.setLogger(logger, { suppressOverrideMessage: true })
    const { pipeline } = record(SPAM)
    await tracePrediction(() => 'ham', { ...FILTERED, pipeline, describe: fail })()
    await new Promise((resolve) => setImmediate(resolve))
    diag.disable()
    expect(pipeline.loss()).toEqual({ 'describe-failed': 1 })
    expect(unhandled).toEqual([])
  })
})

describe('clocks and random sources that fail', () => {
  test('cost the latency, not the event, when it is the stop watch', async () => {
    for (const monotonic of [fail, () => Number.NaN, countdown()]) {
      const { pipeline, predictions } = record(SPAM)
      await tracePrediction(() => 'ham', { ...FILTERED, pipeline, monotonic })()
      expect(predictions()).toHaveLength(1)
      expect(predictions()[0]).not.toHaveProperty('latencySeconds')
    }
  })

  test('cost the event, not the prediction, when it is the clock', async () => {
    const { pipeline } = record(SPAM)
    expect((await tracePrediction(() => 'ham', { ...FILTERED, pipeline, now: fail })()).value).toBe('ham')
    expect(pipeline.loss()).toEqual({ 'prediction-invalid': 1 })
  })

  test('cost nothing when it is the random source', async () => {
    host.stop()
    const predict = tracePrediction(() => 'ham', { ...FILTERED, random: fail })
    const [first, second] = [await predict(), await predict()]
    expect(first.trackingId).not.toBe(second.trackingId)
  })
})

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8)
  structuredClone(buffer, { transfer: [buffer] })
  return buffer
}

function countdown(): () => number {
  let time = 0
  return () => time--
}

describe('a host whose tracing fails', () => {
  test.each<[string, () => unknown]>([
    ['startSpan throws', fail],
    ['startSpan returns nothing', () => undefined],
    ['spans are broken', () => ({ spanContext: fail, end: fail })],
    [
      'spans have a context and nothing else',
      () => ({ spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }) }),
    ],
  ])('harms no prediction and no event when %s', async (_, startSpan) => {
    const { pipeline, predictions } = record(SPAM)
    const tracer = { startSpan: startSpan as never, startActiveSpan: fail }
    const { value, trackingId } = await tracePrediction(() => 'ham', { ...FILTERED, pipeline, tracer })()
    expect(value).toBe('ham')
    expect(predictions().map(({ id }) => id)).toEqual([trackingId])
    const refused = tracePrediction(fail as () => string, { ...FILTERED, pipeline, tracer })
    await expect(refused()).rejects.toBe(FAULT)
  })
})

test('a span around the prediction that cannot be read harms nothing', async () => {
  const predict = tracePrediction(() => 'ham', FILTERED)
  const broken = { spanContext: fail } as unknown as Span
  expect((await context.with(trace.setSpan(context.active(), broken), predict)).value).toBe('ham')
})

test('a pipeline that throws harms no prediction', async () => {
  const pipeline: Pipeline = {
    emit: fail,
    lose: fail,
    loss: () => ({}),
    dropField: fail,
    droppedFields: () => ({}),
    forceFlush: fail,
    shutdown: fail,
  }
  expect((await tracePrediction(() => 'ham', { ...FILTERED, pipeline })()).value).toBe('ham')
  const describe = fail as () => Description
  expect((await tracePrediction(() => 'ham', { ...FILTERED, pipeline, describe })()).value).toBe('ham')
})

test('predictions that end after the pipeline was shut down are counted as lost', async () => {
  const { pipeline, records } = record(SPAM)
  const tracked = tracePrediction(
    async () => {
      await pipeline.shutdown()
      return 'ham'
    },
    { ...FILTERED, pipeline },
  )
  expect((await tracked()).value).toBe('ham')
  expect(records).toEqual([])
  expect(pipeline.loss()).toEqual({ 'pipeline-closed': 1 })
})

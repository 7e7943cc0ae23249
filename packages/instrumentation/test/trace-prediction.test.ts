import { keyedHash, parseTrackingId } from '@groundtrace/core'
import { tracePrediction, type TrackedValue } from '@groundtrace/instrumentation'
import { SpanKind } from '@opentelemetry/api'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { SECRET } from './keeping-all.ts'
import { record, timeOf } from './recording.ts'
import { startSdk, type SdkHost } from './sdk-host.ts'
import { FILTER, FILTERED, SPAM } from './spam-filter.ts'

let host: SdkHost
beforeEach(() => {
  host = startSdk()
})
afterEach(() => host.stop())

describe('a tracked function', () => {
  test('resolves to the value of a synchronous predict function with a tracking ID', async () => {
    const tracked = tracePrediction((text: string) => (text.includes('win') ? 'spam' : 'ham'), FILTERED)
    const { value, trackingId } = await tracked('you win')
    expect(value).toBe('spam')
    expect(parseTrackingId(trackingId)).toEqual({ traceId: expect.any(String), spanId: expect.any(String) })
    expectTypeOf(tracked).toEqualTypeOf<(this: unknown, text: string) => Promise<TrackedValue<'spam' | 'ham'>>>()
  })

  test('resolves to the very object that the promise of predict resolves to', async () => {
    const answer = { label: 'spam' }
    const tracked = tracePrediction(async () => answer, { ...FILTERED, describe: ({ label }) => ({ value: label }) })
    expect((await tracked()).value).toBe(answer)
  })

  test('passes arguments and this on as they are', async () => {
    const input = { text: 'x' }
    const seen: unknown[] = []
    const model = {
      bias: 1,
      predict: tracePrediction(function (this: unknown, ...args: unknown[]) {
        seen.push(this, ...args)
        return 'ham'
      }, FILTERED),
    }
    await model.predict(input, undefined, 7)
    const { predict } = model
    await predict()
    expect(seen).toEqual([model, input, undefined, 7, undefined])
    expect(seen[0]).toBe(model)
    expect(seen[1]).toBe(input)
  })

  test('calls predict before it returns', () => {
    let called = false
    void tracePrediction(() => {
      called = true
      return 'ham'
    }, FILTERED)()
    expect(called).toBe(true)
  })
})

describe('the span of a prediction', () => {
  test('is named after the model and carries tracking ID, task and model', async () => {
    const { trackingId } = await tracePrediction(() => 'ham', FILTERED)()
    const [span, ...others] = host.spans()
    expect(others).toEqual([])
    expect(span).toMatchObject({
      name: 'predict filter',
      kind: 0, // INTERNAL
      status: { code: 0 }, // UNSET
      attributes: {
        'groundtrace.tracking_id': trackingId,
        'groundtrace.task.name': 'spam',
        'groundtrace.task.kind': 'binary',
        'groundtrace.model.name': 'filter',
        'groundtrace.model.version': 'v7',
      },
      instrumentationScope: { name: '@groundtrace/instrumentation' },
    })
    const context = span?.spanContext()
    expect(trackingId).toBe(`${context?.traceId}-${context?.spanId}`)
  })

  test('is active while predict runs, across awaits', async () => {
    await tracePrediction(async () => {
      await Promise.resolve()
      host.tracer.startSpan('inside').end()
      return 'ham'
    }, FILTERED)()
    const [inside, prediction] = host.spans()
    expect(inside?.parentSpanContext?.spanId).toBe(prediction?.spanContext().spanId)
  })

  test('starts without attributes, and is told none where it is not recorded', async () => {
    const told: unknown[] = []
    const span = {
      spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 }),
      isRecording: () => false,
      setAttribute: (...given: unknown[]) => void told.push(given),
      setAttributes: (...given: unknown[]) => void told.push(given),
      end: () => void told.push('ended'),
    }
    const tracer = {
      startSpan: (...given: unknown[]) => {
        told.push(given.slice(0, 2))
        return span
      },
    }
    await tracePrediction(() => 'ham', { ...FILTERED, tracer: tracer as never })()
    expect(told).toEqual([['predict filter', { kind: SpanKind.INTERNAL }], 'ended'])
  })

  test('carries no value, no features and no user', async () => {
    const { pipeline } = record(SPAM, { secret: SECRET })
    await tracePrediction(() => 'spam', {
      ...FILTERED,
      pipeline,
      features: { word: 'keep' },
      describe: () => ({ value: 'spam', features: { word: 'secret' }, user: 'secret' }),
    })()
    expect(Object.keys(host.spans()[0]?.attributes ?? {}).sort()).toEqual([
      'groundtrace.model.name',
      'groundtrace.model.version',
      'groundtrace.task.kind',
      'groundtrace.task.name',
      'groundtrace.tracking_id',
    ])
  })
})

describe('the event of a prediction', () => {
  test('says what was described, when it was made and how long it took', async () => {
    const { pipeline, records, predictions } = record(SPAM, { secret: SECRET })
    let clock = 100
    const tracked = tracePrediction(
      () => {
        clock += 250
        return { label: 'spam', probability: 0.75 }
      },
      {
        task: SPAM,
        model: FILTER,
        pipeline,
        now: () => 1_700_000_000_000,
        monotonic: () => clock,
        features: { words: 'keep' },
        describe: ({ label, probability }) => ({
          value: label,
          scores: { spam: probability },
          features: { words: [1, 5] },
          slices: { language: 'en' },
          entity: 'mail-1',
          user: 'bob',
          policy: { action: 'block', propensity: 0.1, explored: true },
        }),
      },
    )
    const { trackingId } = await tracked()
    expect(predictions()).toEqual([
      {
        id: trackingId,
        task: SPAM,
        model: FILTER,
        time: 1_700_000_000_000,
        value: 'spam',
        scores: { spam: 0.75 },
        features: { words: [1, 5] },
        slices: { language: 'en' },
        entity: 'mail-1',
        user: keyedHash(SECRET).user('bob'),
        policy: { action: 'block', propensity: 0.1, explored: true },
        latencySeconds: 0.25,
      },
    ])
    expect(records[0]?.eventName).toBe('groundtrace.prediction')
    expect(records[0]?.spanContext).toEqual(host.spans()[0]?.spanContext())
    expect(timeOf(records[0])).toBe(1_700_000_000_000)
  })

  test('counts only predict as latency, not describe', async () => {
    const { pipeline, predictions } = record(SPAM)
    let clock = 0
    const describe = () => {
      clock += 5000
      return { value: 'ham' }
    }
    const predict = async (): Promise<string> => {
      await Promise.resolve()
      clock += 40
      return 'ham'
    }
    await tracePrediction(predict, { ...FILTERED, pipeline, describe, monotonic: () => clock })()
    expect(predictions()[0]?.latencySeconds).toBe(0.04)
  })

  test('can be described by arguments and tracking ID, so that a holdout is chosen by the ID', async () => {
    const { pipeline, predictions } = record(SPAM)
    const tracked = tracePrediction((mail: { key: string }) => (mail.key === '' ? 'spam' : 'ham'), {
      ...FILTERED,
      pipeline,
      describe: (value, { args: [mail], trackingId }) => ({
        value,
        entity: mail.key,
        policy: { action: 'pass', propensity: 0.5, explored: trackingId.endsWith('0') },
      }),
    })
    const { trackingId } = await tracked({ key: 'mail-2' })
    expect(predictions()).toMatchObject([
      { id: trackingId, entity: 'mail-2', policy: { explored: trackingId.endsWith('0') } },
    ])
  })

  test('names the version that answered when versions change while the service runs', async () => {
    const { pipeline, predictions } = record(SPAM)
    let version = 'v1'
    const predict = (): string => {
      version = 'v2'
      return 'ham'
    }
    const tracked = tracePrediction(predict, { ...FILTERED, pipeline, model: () => ({ name: 'filter', version }) })
    await tracked()
    await tracked()
    expect(predictions().map(({ model }) => model.version)).toEqual(['v1', 'v2'])
  })
})

describe('a prediction that fails', () => {
  class ModelUnavailable extends Error {}
  const failure = new ModelUnavailable('no weights')

  test.each([
    [
      'throws',
      () => {
        throw failure
      },
    ],
    ['rejects', () => Promise.reject(failure)],
  ])('by predict that %s rejects with the same error and is an event with its class', async (_, predict) => {
    const { pipeline, predictions, records } = record(SPAM)
    const tracked = tracePrediction<unknown, [], string | Promise<string>>(predict, { ...FILTERED, pipeline })
    await expect(tracked()).rejects.toBe(failure)
    expect(predictions()).toMatchObject([{ error: 'ModelUnavailable', latencySeconds: expect.any(Number) as number }])
    expect(predictions()[0]).not.toHaveProperty('value')
    const [span] = host.spans()
    expect(span).toMatchObject({
      status: { code: 2 }, // ERROR
      attributes: { 'error.type': 'ModelUnavailable', 'groundtrace.tracking_id': predictions()[0]?.id },
      events: [{ name: 'exception', attributes: { 'exception.message': 'no weights' } }],
    })
    expect(records[0]?.spanContext).toEqual(span?.spanContext())
  })

  test.each([undefined, null, 'oh no', 7, Object.freeze({})])(
    'with %s thrown ends its span all the same',
    async (thrown) => {
      const { pipeline, predictions } = record(SPAM)
      const tracked = tracePrediction(
        (): string => {
          throw thrown
        },
        { ...FILTERED, pipeline },
      )
      await expect(tracked()).rejects.toBe(thrown)
      expect(host.spans()).toHaveLength(1)
      expect(predictions()).toHaveLength(1)
      expect(pipeline.loss()).toEqual({})
    },
  )
})

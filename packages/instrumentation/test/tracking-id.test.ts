import { isTrackingId, parseTrackingId } from '@groundtrace/core'
import { tracePrediction } from '@groundtrace/instrumentation'
import { context, trace, type Span } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { AlwaysOffSampler, AlwaysOnSampler } from '@opentelemetry/sdk-trace'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { record } from './recording.ts'
import { startContextManager, startSdk, stop } from './sdk-host.ts'
import { FILTERED, SPAM } from './spam-filter.ts'

const tracked = () => tracePrediction(() => 'ham', FILTERED)
const within = <T>(span: Span, action: () => T): T => context.with(trace.setSpan(context.active(), span), action)
const UNSAMPLED = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 }
const unsampled = () => trace.wrapSpanContext(UNSAMPLED)

afterEach(stop)

/** The hosts a prediction may meet, as the law below sees them: what they are called, and how to start one. */
const HOSTS: Readonly<Record<string, () => void>> = {
  'no SDK': () => {},
  'no SDK, but a context manager': startContextManager,
  'an SDK that samples everything': () => void startSdk(new AlwaysOnSampler()),
  'an SDK that samples nothing': () => void startSdk(new AlwaysOffSampler()),
}

describe.each(Object.entries(HOSTS))('with %s', (_, start) => {
  test('law: however predictions are nested, no two share a tracking ID, and every ID parses', async () => {
    start()
    // A tree of calls: each number is how many children a node has.
    const { tree: trees } = fc.letrec<{ tree: readonly unknown[] }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant([]),
        fc.array(tie('tree'), { maxLength: 3 }),
      ),
    }))
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const seen: string[] = []
        const predict = tracePrediction(async (children: readonly unknown[]): Promise<string> => {
          for (const child of children) seen.push((await predict(child as readonly unknown[])).trackingId)
          return 'ham'
        }, FILTERED)
        seen.push((await predict(tree)).trackingId, (await predict(tree)).trackingId)
        expect(new Set(seen).size).toBe(seen.length)
        expect(seen.every(isTrackingId)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('siblings within a span that is not recorded differ from it and from each other', async () => {
    start()
    const predict = tracked()
    const ids = await within(unsampled(), () => Promise.all([predict(), predict(), predict()]))
    const spanIds = ids.map(({ trackingId }) => parseTrackingId(trackingId).spanId)
    expect(new Set([...spanIds, UNSAMPLED.spanId]).size).toBe(4)
  })
})

test.each(Object.entries(HOSTS).filter(([name]) => name !== 'no SDK'))(
  'siblings within a span that is not recorded keep its trace, with %s',
  async (_, start) => {
    start()
    const predict = tracked()
    const ids = await within(unsampled(), () => Promise.all([predict(), predict(), predict()]))
    const traceIds = ids.map(({ trackingId }) => parseTrackingId(trackingId).traceId)
    expect(traceIds).toEqual([UNSAMPLED.traceId, UNSAMPLED.traceId, UNSAMPLED.traceId])
  },
)

test('a span that the host does not record still gives the prediction its ID, and nothing is exported', async () => {
  const host = startSdk(new AlwaysOffSampler())
  const { pipeline, records } = record(SPAM)
  const { trackingId } = await tracePrediction(() => 'ham', { ...FILTERED, pipeline })()
  expect(host.spans()).toEqual([])
  expect(`${records[0]?.spanContext?.traceId}-${records[0]?.spanContext?.spanId}`).toBe(trackingId)
})

test('the event names the IDs of the tracking ID also where no span has them', async () => {
  const { pipeline, records } = record(SPAM)
  const { trackingId } = await tracePrediction(() => 'ham', { ...FILTERED, pipeline })()
  const { traceId, spanId } = parseTrackingId(trackingId)
  expect(records[0]?.spanContext).toEqual({ traceId, spanId, traceFlags: 0 })
})

test('an event without a span of its own is marked as sampled when the trace it is in is', async () => {
  startContextManager()
  const { pipeline, records } = record(SPAM)
  const predict = tracePrediction(() => 'ham', { ...FILTERED, pipeline })
  await within(trace.wrapSpanContext({ ...UNSAMPLED, traceFlags: 1 }), () => predict())
  expect(records[0]?.spanContext).toMatchObject({ traceId: UNSAMPLED.traceId, traceFlags: 1 })
})

test('a prediction where tracing is suppressed keeps the trace around it', async () => {
  const host = startSdk()
  const span = host.tracer.startSpan('request')
  const predict = tracked()
  const { trackingId } = await within(span, () => context.with(suppressTracing(context.active()), predict))
  expect(parseTrackingId(trackingId).traceId).toBe(span.spanContext().traceId)
  expect(parseTrackingId(trackingId).spanId).not.toBe(span.spanContext().spanId)
})

test('a tracer that only hands the span around it on never has that span ended or written on', async () => {
  const host = startSdk()
  const span = host.tracer.startSpan('request')
  const tracer = { startSpan: () => span, startActiveSpan: () => undefined as never }
  const predict = tracePrediction(() => 'ham', { ...FILTERED, tracer })
  const { trackingId } = await within(span, () => predict())
  expect(span.isRecording()).toBe(true)
  span.end()
  expect(host.spans()[0]?.attributes).toEqual({})
  expect(parseTrackingId(trackingId).traceId).toBe(span.spanContext().traceId)
})

test('after the SDK was shut down tracking IDs stay valid and different, and events still flow', async () => {
  const host = startSdk()
  const { pipeline, predictions } = record(SPAM)
  const predict = tracePrediction(() => 'ham', { ...FILTERED, pipeline })
  await host.provider.shutdown()
  const ids = [await predict(), await predict()].map(({ trackingId }) => trackingId)
  expect(new Set(ids).size).toBe(2)
  expect(predictions().map(({ id }) => id)).toEqual(ids)
})

test('an SDK that starts after the function was wrapped is found', async () => {
  const predict = tracked()
  await predict()
  const host = startSdk()
  await predict()
  expect(host.spans()).toHaveLength(1)
})

describe('a prediction inside a prediction', () => {
  test.each(Object.entries(HOSTS).filter(([name]) => name !== 'no SDK'))(
    'knows its parent from the context, with %s',
    async (_, start) => {
      start()
      const { pipeline, predictions } = record(SPAM)
      const inner = tracePrediction(() => 'ham', { ...FILTERED, pipeline })
      const outer = tracePrediction(
        async () => {
          await Promise.resolve()
          return inner()
        },
        { ...FILTERED, pipeline, describe: () => ({ value: 'spam' }) },
      )
      const { value, trackingId } = await outer()
      expect(predictions().map(({ id, parent }) => [id, parent])).toEqual([
        [value.trackingId, trackingId],
        [trackingId, undefined],
      ])
      expect(parseTrackingId(value.trackingId).traceId).toBe(parseTrackingId(trackingId).traceId)
    },
  )

  test('has its parent on the span', async () => {
    const host = startSdk()
    const inner = tracked()
    const { trackingId } = await tracePrediction(async () => inner(), {
      ...FILTERED,
      describe: () => ({ value: 'ham' }),
    })()
    expect(host.spans()[0]?.attributes['groundtrace.prediction.parent']).toBe(trackingId)
    expect(host.spans()[1]?.attributes).not.toHaveProperty('groundtrace.prediction.parent')
  })

  test('of a batch has the ID of the call as its parent', async () => {
    startSdk()
    const { pipeline, predictions } = record(SPAM)
    const inner = tracePrediction(() => 'ham', { ...FILTERED, pipeline })
    const { trackingIds } = await tracePrediction(async (texts: string[]) => Promise.all(texts.map(() => inner())), {
      ...FILTERED,
      pipeline,
      rows: (texts) => texts.length,
      describe: () => ({ value: 'spam' }),
    })(['a', 'b'])
    const call = trackingIds[0]?.replace(/-0$/, '')
    expect(predictions().map(({ parent }) => parent)).toEqual([call, call, undefined, undefined])
  })
})

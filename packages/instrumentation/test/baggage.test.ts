import { GroundtraceError, parseTrackingId } from '@groundtrace/core'
import { getActiveTrackingId, getBaggageTrackingId, tracePrediction } from '@groundtrace/instrumentation'
import { context, defaultTextMapGetter, defaultTextMapSetter, propagation, ROOT_CONTEXT } from '@opentelemetry/api'
import { W3CBaggagePropagator } from '@opentelemetry/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startContextManager, startSdk, stop } from './sdk-host.ts'
import { FILTERED } from './spam-filter.ts'

const propagator = new W3CBaggagePropagator()
const WITH_BAGGAGE = { ...FILTERED, baggage: true }

/** The header with which a request that is made now goes out. */
function outgoing(): string | undefined {
  const headers: Record<string, string> = {}
  propagator.inject(context.active(), headers, defaultTextMapSetter)
  return headers['baggage']
}

/** Runs as a service does that got a request with this header. */
function incoming<T>(baggage: string, action: () => T): T {
  return context.with(propagator.extract(ROOT_CONTEXT, { baggage }, defaultTextMapGetter), action)
}

beforeEach(startContextManager)
afterEach(stop)

describe('the baggage of a prediction that asked for it', () => {
  test('leaves the service as W3C baggage, and a service downstream reads the same tracking ID', async () => {
    const { value, trackingId } = await tracePrediction(
      async () => {
        await Promise.resolve()
        return outgoing()
      },
      { ...WITH_BAGGAGE, describe: () => ({ value: 'ham' }) },
    )()
    expect(value).toBe(`groundtrace.tracking_id=${trackingId}`)
    expect(incoming(String(value), getBaggageTrackingId)).toBe(trackingId)
  })

  test('keeps the entries that were there', async () => {
    const predict = tracePrediction(() => String(outgoing()), WITH_BAGGAGE)
    const { value, trackingId } = await incoming('tenant=acme', () => predict())
    expect(value.split(',').toSorted()).toEqual([`groundtrace.tracking_id=${trackingId}`, 'tenant=acme'])
  })

  test('names the innermost prediction, and afterwards the one around it again', async () => {
    const inner = tracePrediction(() => String(getBaggageTrackingId()), WITH_BAGGAGE)
    const { value, trackingId } = await tracePrediction(
      async () => ({ inside: await inner(), afterwards: getBaggageTrackingId() }),
      { ...WITH_BAGGAGE, describe: () => ({ value: 'ham' }) },
    )()
    expect(value.inside.value).toBe(value.inside.trackingId)
    expect(value.afterwards).toBe(trackingId)
    expect(getBaggageTrackingId()).toBeUndefined()
  })

  test('names the call where that is a batch', async () => {
    const { value, trackingIds } = await tracePrediction((texts: readonly string[]) => [texts[0], outgoing()], {
      ...WITH_BAGGAGE,
      rows: (texts) => texts.length,
      describe: () => ({ value: 'ham' }),
    })(['a', 'b'])
    const { traceId, spanId } = parseTrackingId(String(trackingIds[1]))
    expect(value[1]).toBe(`groundtrace.tracking_id=${traceId}-${spanId}`)
  })

  test('is there in each step of a stream', async () => {
    const { value: stream, trackingId } = await tracePrediction(
      async function* () {
        yield getBaggageTrackingId()
        await Promise.resolve()
        yield getBaggageTrackingId()
      },
      { ...WITH_BAGGAGE, describe: () => ({ value: 'ham' }) },
    )()
    const items: unknown[] = []
    for await (const item of stream) items.push(item)
    expect(items).toEqual([trackingId, trackingId])
  })

  test('is there with an SDK, beside the span', async () => {
    startSdk()
    const { value, trackingId } = await tracePrediction(() => String(outgoing()), WITH_BAGGAGE)()
    expect(value).toBe(`groundtrace.tracking_id=${trackingId}`)
  })
})

test('a prediction that did not ask for it leaves the baggage as it was', async () => {
  const predict = tracePrediction(() => String(outgoing()), FILTERED)
  expect((await incoming('tenant=acme', () => predict())).value).toBe('tenant=acme')
  expect((await predict()).value).toBe('undefined')
})

test('a tracking ID that came as baggage is not the active one: it is no prediction of this process', () => {
  const sent = `${'a'.repeat(32)}-${'b'.repeat(16)}`
  expect(incoming(`groundtrace.tracking_id=${sent}`, () => [getActiveTrackingId(), getBaggageTrackingId()])).toEqual([
    undefined,
    sent,
  ])
})

test.each([
  ['no tracking ID', 'groundtrace.tracking_id=<script>'],
  ['a tracking ID in upper case', `groundtrace.tracking_id=${'A'.repeat(32)}-${'B'.repeat(16)}`],
  ['nothing', 'groundtrace.tracking_id='],
  ['another entry', 'tenant=acme'],
  ['no baggage', ''],
])('what came as %s is not believed', (_, baggage) => {
  expect(incoming(baggage, getBaggageTrackingId)).toBeUndefined()
})

test('a host without a context manager carries none, and its predictions are the same', async () => {
  stop()
  const { value, trackingId } = await tracePrediction(() => String(getBaggageTrackingId()), WITH_BAGGAGE)()
  expect(value).toBe('undefined')
  expect(parseTrackingId(trackingId)).toMatchObject({ spanId: expect.any(String) as string })
})

test('a baggage implementation of the host that throws costs the baggage, not the prediction', async () => {
  const broken = {
    setEntry() {
      throw new Error('as a foreign baggage may')
    },
  }
  const predict = tracePrediction(() => 'ham', WITH_BAGGAGE)
  const { value } = await context.with(propagation.setBaggage(context.active(), broken as never), () => predict())
  expect(value).toBe('ham')
})

test('anything but true or false is refused when the function is wrapped', () => {
  expect(() => tracePrediction(() => 'ham', { ...FILTERED, baggage: 'yes' as never })).toThrow(GroundtraceError)
  expect(() => tracePrediction(() => 'ham', { ...FILTERED, baggage: 'yes' as never })).toThrow(
    'tracePrediction: baggage is not true or false. Pass true',
  )
})

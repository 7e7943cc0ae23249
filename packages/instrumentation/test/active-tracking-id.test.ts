import { parseTrackingId, type TrackingId } from '@groundtrace/core'
import { getActiveTrackingId, tracePrediction } from '@groundtrace/instrumentation'
import { context, createContextKey } from '@opentelemetry/api'
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace'
import { EventEmitter, once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { runningIn } from '../src/prediction-context.ts'
import { startContextManager, startSdk, stop } from './sdk-host.ts'
import { FILTERED } from './spam-filter.ts'

afterEach(stop)

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
/** A prediction that tells which IDs were active while it was made. */
const telling = tracePrediction(
  async (turns: number) => {
    const seen = [getActiveTrackingId()]
    for (let made = 0; made < turns; made += 1) {
      await turn()
      seen.push(getActiveTrackingId())
    }
    return seen
  },
  { ...FILTERED, describe: () => ({ value: 'ham' }) },
)

/** Hosts that carry a context. */
const HOSTS: Readonly<Record<string, () => void>> = {
  'a context manager and no SDK': startContextManager,
  'an SDK that samples everything': () => void startSdk(),
  'an SDK that samples nothing': () => void startSdk(new AlwaysOffSampler()),
}

describe.each(Object.entries(HOSTS))('with %s the active tracking ID', (_, start) => {
  test('is that of the prediction from its first step to its last', async () => {
    start()
    const { value, trackingId } = await telling(3)
    expect(value).toEqual([trackingId, trackingId, trackingId, trackingId])
  })

  test('is never that of another prediction that is made at the same time', async () => {
    start()
    const made = await Promise.all(Array.from({ length: 20 }, (__, turns) => telling(turns % 5)))
    for (const { value, trackingId } of made) expect(new Set(value)).toEqual(new Set([trackingId]))
    expect(new Set(made.map(({ trackingId }) => trackingId)).size).toBe(20)
  })

  test('is that of the inner prediction inside of it, and of the outer one before and after', async () => {
    start()
    const outer = tracePrediction(
      async () => [getActiveTrackingId(), await telling(1), getActiveTrackingId()] as const,
      { ...FILTERED, describe: () => ({ value: 'ham' }) },
    )
    const { value, trackingId } = await outer()
    const [before, inner, after] = value
    expect([before, after]).toEqual([trackingId, trackingId])
    expect(inner.value).toEqual([inner.trackingId, inner.trackingId])
    expect(inner.trackingId).not.toBe(trackingId)
  })

  test('is there in a synchronous predict function, and in what it leaves behind', async () => {
    start()
    const later = new EventEmitter()
    const told = once(later, 'told')
    const predict = tracePrediction(() => {
      setTimeout(() => later.emit('told', getActiveTrackingId()))
      return String(getActiveTrackingId())
    }, FILTERED)
    const { value, trackingId } = await predict()
    expect(value).toBe(trackingId)
    expect(await told).toEqual([trackingId])
  })

  test('is that of the call in a batch: that of a row is the same with its number', async () => {
    start()
    const batch = tracePrediction((texts: readonly string[]) => texts.map(() => String(getActiveTrackingId())), {
      ...FILTERED,
      rows: (texts) => texts.length,
      describe: (labels, { row }) => ({ value: labels[row] ?? '' }),
    })
    const { value, trackingIds } = await batch(['a', 'b', 'c'])
    expect(new Set(value).size).toBe(1)
    expect(trackingIds).toEqual([0, 1, 2].map((row) => `${value[0]}-${row}`))
    expect(trackingIds.map((id) => parseTrackingId(id).row)).toEqual([0, 1, 2])
  })

  test('is there in each step of a stream, and not in who reads it', async () => {
    start()
    const stream = tracePrediction(
      async function* () {
        yield getActiveTrackingId()
        await turn()
        yield getActiveTrackingId()
      },
      { ...FILTERED, describe: () => ({ value: 'ham' }) },
    )
    const { value, trackingId } = await stream()
    const read: [inside: TrackingId | undefined, outside: TrackingId | undefined][] = []
    for await (const inside of value) read.push([inside, getActiveTrackingId()])
    expect(read).toEqual([
      [trackingId, undefined],
      [trackingId, undefined],
    ])
  })

  test('is gone after a prediction, also after one that failed', async () => {
    start()
    await telling(1)
    expect(getActiveTrackingId()).toBeUndefined()
    const broken = tracePrediction((): string => {
      throw new Error('no weights')
    }, FILTERED)
    await expect(broken()).rejects.toThrow('no weights')
    expect(getActiveTrackingId()).toBeUndefined()
  })
})

test('in a host without a context manager there is none, and the prediction has its ID all the same', async () => {
  const { value, trackingId } = await telling(2)
  expect(value).toEqual([undefined, undefined, undefined])
  expect(parseTrackingId(trackingId)).toEqual({ traceId: expect.any(String), spanId: expect.any(String) })
})

test('what another put into the context under our name is no tracking ID', () => {
  const forged = context.active().setValue(createContextKey('groundtrace.tracking_id'), { id: 'mail-7' })
  expect(runningIn(forged)).toBeUndefined()
})

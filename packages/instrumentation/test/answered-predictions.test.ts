import { formatTrackingId, type TrackingId } from '@groundtrace/core'
import { getActiveTrackingId, tracePrediction } from '@groundtrace/instrumentation'
import { trace } from '@opentelemetry/api'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { answeredFor, answeredNow, AnsweredPredictions, answeringStorage } from '../src/answered-predictions.ts'
import { startTargetCall } from '../src/target-call.ts'
import { startContextManager, stop } from './sdk-host.ts'
import { FILTERED } from './spam-filter.ts'

const id = (n: number): TrackingId =>
  formatTrackingId({ traceId: 'a'.repeat(32), spanId: (n + 1).toString(16).padStart(16, '0') })

/** Runs as an answer does, and gives what a header would say. */
async function headerOf(answer: () => Promise<unknown>): Promise<string | undefined> {
  const answered = new AnsweredPredictions()
  await answeringStorage().run(answered, answer)
  return answered.headerValue()
}

afterEach(stop)

test('outside of an answer nobody listens', () => {
  expect(answeredNow()).toBeUndefined()
})

test('law: a header names wholes before members, each in the order they began, 16 at most and below 1 KiB', () => {
  const begun = fc.array(fc.record({ isMember: fc.boolean(), rows: fc.option(fc.nat(100_000), { nil: undefined }) }), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(begun, (predictions) => {
      const answered = new AnsweredPredictions()
      for (const [n, { isMember }] of predictions.entries()) answered.add(id(n), isMember)
      const values = answered.headerValue()?.split(', ') ?? []
      const order = [false, true].flatMap((kind) =>
        predictions.flatMap(({ isMember }, n) => (isMember === kind ? [id(n)] : [])),
      )
      expect(values).toEqual(order.slice(0, 16))
      for (const [n, { rows }] of predictions.entries()) if (rows !== undefined) answered.setRows(id(n), rows)
      expect(answered.headerValue()?.length ?? 0).toBeLessThan(1024)
    }),
  )
})

test('however many predictions a request makes, only those that its header can name are kept', async () => {
  const answered = new AnsweredPredictions()
  for (let n = 0; n < 1000; n += 1) answered.add(id(n), n % 2 === 0)
  expect(answered.headerValue()?.split(', ')).toHaveLength(16)
  answered.setRows(id(999), 7)
  expect(answered.headerValue()).not.toContain('rows')
})

test('what begins when the headers are sent is not kept', () => {
  const answered = new AnsweredPredictions()
  answered.add(id(1), false)
  answered.close()
  answered.add(id(2), false)
  expect(answered.headerValue()).toBe(id(1))
})

test('one response has one collection, begun once', () => {
  const response = {}
  const begun: AnsweredPredictions[] = []
  const [first, second] = [1, 2].map(() => answeredFor(response, (answered) => begun.push(answered)))
  expect(first).toBe(second)
  expect(begun).toEqual([first])
  expect(answeredFor({}, () => {})).not.toBe(first)
})

describe('a header names', () => {
  test('a prediction that failed: its ID leads to the trace of the failure', async () => {
    startContextManager()
    let active: string | undefined
    const broken = tracePrediction((): string => {
      active = getActiveTrackingId()
      throw new Error('no weights')
    }, FILTERED)
    const header = await headerOf(() => broken().catch(() => 'failed'))
    expect(header).toBe(active)
    expect(header).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/)
  })

  test('every whole before any member, where a context tells them apart', async () => {
    startContextManager()
    const member = tracePrediction(() => 'ham', FILTERED)
    const whole = tracePrediction(async () => [await member(), await member()], {
      ...FILTERED,
      describe: () => ({ value: 'ham' }),
    })
    const made: Awaited<ReturnType<typeof whole>>[] = []
    const header = await headerOf(async () => made.push(await whole(), await whole()))
    const wholes = made.map(({ trackingId }) => trackingId)
    const members = made.flatMap(({ value }) => value.map(({ trackingId }) => trackingId))
    expect(header?.split(', ')).toEqual([...wholes, ...members])
  })

  test('the whole before its members also where nothing tells them apart: it began first', async () => {
    const member = tracePrediction(() => 'ham', FILTERED)
    const whole = tracePrediction(async () => member(), { ...FILTERED, describe: () => ({ value: 'ham' }) })
    let made: Awaited<ReturnType<typeof whole>> | undefined
    const header = await headerOf(async () => (made = await whole()))
    expect(header).toBe(`${made?.trackingId}, ${made?.value.trackingId}`)
  })

  test('no batch whose rows could not be counted: it has no tracking IDs', async () => {
    const uncounted = tracePrediction(() => 'ham', { ...FILTERED, rows: () => Number.NaN })
    expect(await headerOf(() => uncounted())).toBeUndefined()
  })

  test('a batch of a library once its rows are known, and the call before that', async () => {
    const watch = {
      tracer: () => trace.getTracer('host'),
      pipeline: undefined,
      baggage: false,
      now: () => 0,
      monotonic: () => 0,
      warn: () => {},
    }
    const answered = new AnsweredPredictions()
    answeringStorage().run(answered, () => {
      const call = startTargetCall(watch, { name: 'predict', options: {} })
      const before = answered.headerValue()
      call.succeeded({}, () => ({ declared: undefined, rows: 3 }))
      expect(before).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/)
      expect(answered.headerValue()).toBe(`${before};rows=3`)
    })
  })
})

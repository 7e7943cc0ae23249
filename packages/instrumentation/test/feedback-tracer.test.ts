import {
  defineTask,
  feedbackFromEvent,
  feedbackId,
  formatTrackingId,
  keyedHash,
  parseTrackingId,
  type TrackingId,
} from '@groundtrace/core'
import {
  createFeedbackTracer,
  createPipeline,
  tracePrediction,
  type EventRecord,
  type FeedbackReceipt,
} from '@groundtrace/instrumentation'
import { context, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { AlwaysOffSampler, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { record, timeOf } from './recording.ts'
import { startContextManager, startSdk, stop, type SdkHost } from './sdk-host.ts'
import { FILTERED, SPAM } from './spam-filter.ts'
import { now, NOW, PREDICTION, THUMB } from './thumb.ts'

const ROW = formatTrackingId({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), row: 7 })

const idOf = (receipt: FeedbackReceipt): TrackingId => {
  if (receipt.status === 'rejected') throw receipt.error
  return receipt.id
}
const spanIdOf = (span: ReadableSpan | undefined): string =>
  `${span?.spanContext().traceId}-${span?.spanContext().spanId}`
const feedbackOf = (records: readonly EventRecord[]): unknown => records.map((event) => feedbackFromEvent(event))

let host: SdkHost
beforeEach(() => {
  host = startSdk()
})
afterEach(stop)

describe('the span of a feedback', () => {
  test('is linked to the span of the prediction and carries both IDs', async () => {
    const { pipeline, records } = record(SPAM)
    const { trackingId } = await tracePrediction(() => 'spam', FILTERED)()
    const receive = createFeedbackTracer({ pipeline, task: SPAM, now })
    const id = idOf(receive({ ...THUMB, target: { prediction: trackingId } }))
    const [prediction, feedback, ...others] = host.spans()
    expect(others).toEqual([])
    expect(feedback).toMatchObject({
      name: 'feedback spam',
      kind: 0, // INTERNAL
      status: { code: 0 }, // UNSET
      instrumentationScope: { name: '@groundtrace/instrumentation' },
      attributes: {
        'groundtrace.tracking_id': prediction?.attributes['groundtrace.tracking_id'],
        'groundtrace.feedback.id': id,
        'groundtrace.feedback.kind': 'rating',
        'groundtrace.feedback.source': 'recipient',
        'groundtrace.task.name': 'spam',
        'groundtrace.task.kind': 'binary',
      },
    })
    const { traceId, spanId } = prediction?.spanContext() ?? {}
    expect(feedback?.links.map((link) => link.context)).toEqual([{ traceId, spanId, traceFlags: 0, isRemote: true }])
    expect(feedback?.spanContext().traceId).not.toBe(traceId)
    expect(spanIdOf(feedback)).toBe(id)
    expect(records).toHaveLength(1)
  })

  test('of a row is linked to the span of the batch, found by the ID of that, and names the row', () => {
    const { pipeline, records } = record(SPAM)
    createFeedbackTracer({ pipeline, now })({ ...THUMB, target: { prediction: ROW } })
    const [span] = host.spans()
    const { traceId, spanId } = parseTrackingId(PREDICTION)
    expect(span?.links.map((link) => link.context)).toMatchObject([{ traceId, spanId }])
    expect(span?.attributes).toMatchObject({
      'groundtrace.tracking_id': PREDICTION,
      'groundtrace.prediction.row': 7,
    })
    expect(records[0]?.attributes['groundtrace.tracking_id']).toBe(ROW)
  })

  test('is in the trace of the request that brought it, below its span', () => {
    const { pipeline, records } = record(SPAM)
    const receive = createFeedbackTracer({ pipeline, now })
    host.tracer.startActiveSpan('POST /feedback', (request) => {
      receive(THUMB)
      request.end()
    })
    const [feedback, request] = host.spans()
    expect(feedback?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    expect(records[0]?.spanContext).toEqual(feedback?.spanContext())
  })

  test('is named without a task where none is declared: a client could name any', () => {
    const { pipeline } = record(SPAM)
    createFeedbackTracer({ pipeline, now })({ ...THUMB, target: { entity: 'order-1', task: 'refund' } })
    expect(host.spans()[0]).toMatchObject({ name: 'feedback', attributes: { 'groundtrace.task.name': 'refund' } })
  })

  test('says nothing that a person wrote or that tells who it was', () => {
    const { pipeline } = record(SPAM)
    const task = defineTask({ name: 'answer', kind: 'generation' })
    const receive = createFeedbackTracer({ pipeline, task, now })
    const secrets = { user: 'secret', comment: 'secret' }
    receive({ ...THUMB, ...secrets, kind: 'harm', report: 'secret' })
    receive({ ...THUMB, ...secrets, kind: 'correction', label: 'secret', target: { entity: 'secret', task: 'answer' } })
    const said = host.spans().map(({ name, attributes, links, events }) => ({ name, attributes, links, events }))
    expect(said).toHaveLength(2)
    expect(JSON.stringify(said)).not.toContain('secret')
  })

  test('has no link where only the business key of the prediction is known', () => {
    const { pipeline, records } = record(SPAM)
    createFeedbackTracer({ pipeline, task: SPAM, now })({ ...THUMB, target: { entity: 'mail-1', task: 'spam' } })
    expect(host.spans()[0]?.links).toEqual([])
    expect(host.spans()[0]?.attributes).not.toHaveProperty('groundtrace.tracking_id')
    expect(records[0]?.attributes).toMatchObject({ 'groundtrace.entity': 'mail-1', 'groundtrace.task.name': 'spam' })
  })

  test('of one that is rejected says so', () => {
    const { pipeline, records } = record(SPAM)
    createFeedbackTracer({ pipeline, task: SPAM, now })({ ...THUMB, source: 'no word' })
    expect(host.spans()).toMatchObject([
      { name: 'feedback spam', status: { code: 2 }, attributes: { 'error.type': 'invalid-feedback' } },
    ])
    expect(records).toEqual([])
  })
})

describe('the event of a feedback', () => {
  test('is the feedback as it was said, with its own ID', () => {
    const { pipeline, records } = record(SPAM)
    const time = NOW - 60_000
    const { source, target } = THUMB
    const said = {
      source,
      target,
      kind: 'correction',
      label: 'ham',
      time,
      comment: 'a friend wrote it',
      propensity: 0.5,
    } as const
    const id = idOf(createFeedbackTracer({ pipeline, now })(said))
    expect(feedbackOf(records)).toEqual([{ ...said, id }])
    expect(records[0]?.eventName).toBe('groundtrace.feedback')
    expect(timeOf(records[0])).toBe(time)
  })

  test('is dated now when nobody says when it was said', () => {
    const { pipeline, records } = record(SPAM)
    createFeedbackTracer({ pipeline, now })(THUMB)
    expect(timeOf(records[0])).toBe(NOW)
  })

  test('keeps the ID that was derived from an idempotency key, in the span of its own', () => {
    const { pipeline, records } = record(SPAM)
    const receive = createFeedbackTracer({ pipeline, now })
    const id = feedbackId('recipient', 'mail-7')
    expect([receive({ ...THUMB, id }), receive({ ...THUMB, id })].map(idOf)).toEqual([id, id])
    expect(records.map(({ attributes }) => attributes['groundtrace.feedback.id'])).toEqual([id, id])
    const spans = host.spans()
    expect(spans.map(({ attributes }) => attributes['groundtrace.feedback.id'])).toEqual([id, id])
    expect(records.map(({ spanContext }) => spanContext)).toEqual(spans.map((span) => span.spanContext()))
  })

  test('has the ID that its idempotency key gives, and the one that it brings before that', () => {
    const { pipeline } = record(SPAM)
    const receive = createFeedbackTracer({ pipeline, now })
    const id = feedbackId('recipient', 'click-17')
    const keyed = { ...THUMB, idempotencyKey: 'click-17' }
    expect([receive(keyed), receive(keyed)].map(idOf)).toEqual([id, id])
    expect(idOf(receive({ ...keyed, source: 'auditor' }))).toBe(feedbackId('auditor', 'click-17'))
    expect(idOf(receive({ ...keyed, id: ROW }))).toBe(ROW)
    expect(idOf(receive({ ...THUMB, idempotencyKey: undefined }))).not.toBe(id)
  })

  test('names the user by the pseudonym that predictions have, and by nothing without a secret', () => {
    const secret = '0123456789abcdef'
    const records: EventRecord[] = []
    const processor = {
      onEmit: (event: EventRecord) => void records.push(event),
      forceFlush: async () => {},
      shutdown: async () => {},
    }
    const pipelines = [createPipeline({ processors: [processor], secret }), createPipeline({ processors: [processor] })]
    for (const pipeline of pipelines) createFeedbackTracer({ pipeline, now })({ ...THUMB, user: 'ann@example.org' })
    const users = records.map(({ attributes }) => attributes['enduser.pseudo.id'])
    expect(users).toEqual([keyedHash(secret).user('ann@example.org'), undefined])
    expect(pipelines.map((pipeline) => pipeline.droppedFields())).toEqual([{}, { user: 1 }])
  })

  test('stays what was checked when the service goes on to use the lists it was made of', () => {
    const { pipeline, records } = record(SPAM)
    const label = ['first', 'second']
    createFeedbackTracer({ pipeline, now })({ ...THUMB, kind: 'correction', label })
    label.reverse()
    expect(records[0]?.attributes['groundtrace.feedback.label']).toEqual(['first', 'second'])
  })
})

describe('without a span of its own a feedback', () => {
  test('flows where there is no SDK, and has an ID of its own', () => {
    stop()
    const { pipeline, records } = record(SPAM)
    const receive = createFeedbackTracer({ pipeline, now })
    const ids = [receive(THUMB), receive(THUMB)].map(idOf)
    expect(new Set(ids).size).toBe(2)
    expect(records.map(({ attributes }) => attributes['groundtrace.feedback.id'])).toEqual(ids)
    const spans = records.map(({ spanContext }) => `${spanContext?.traceId}-${spanContext?.spanId}`)
    expect(spans).toEqual(ids)
  })

  test('of a derived ID is in no span where there is none', () => {
    stop()
    const { pipeline, records } = record(SPAM)
    createFeedbackTracer({ pipeline, now })({ ...THUMB, id: feedbackId('recipient', 'mail-7') })
    expect(records).toHaveLength(1)
    expect(records[0]?.spanContext).toBeUndefined()
  })

  test('is in the trace of its request, which no tracer here records', () => {
    stop()
    startContextManager()
    const { pipeline, records } = record(SPAM)
    const receive = createFeedbackTracer({ pipeline, now })
    const request = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16), traceFlags: 1, isRemote: true }
    const id = context.with(trace.setSpanContext(context.active(), request), () => {
      receive({ ...THUMB, id: feedbackId('recipient', 'mail-7') })
      return idOf(receive(THUMB))
    })
    expect(records[0]?.spanContext).toEqual(request)
    expect(parseTrackingId(id)).toMatchObject({ traceId: request.traceId })
    expect(parseTrackingId(id).spanId).not.toBe(request.spanId)
    expect(records[1]?.spanContext).toMatchObject({ ...parseTrackingId(id), traceFlags: 1 })
  })

  test('leaves the span around it alone where tracing is suppressed', () => {
    const { pipeline, records } = record(SPAM)
    const receive = createFeedbackTracer({ pipeline, now })
    host.tracer.startActiveSpan('POST /feedback', (request) => {
      context.with(suppressTracing(context.active()), () => receive(THUMB))
      expect(request.isRecording()).toBe(true)
      request.end()
    })
    expect(host.spans().map(({ name, attributes }) => [name, attributes])).toEqual([['POST /feedback', {}]])
    expect(records[0]?.spanContext?.traceId).toBe(host.spans()[0]?.spanContext().traceId)
  })

  test('flows at 0 % sampling, and is in the span that nobody recorded', () => {
    stop()
    host = startSdk(new AlwaysOffSampler())
    const { pipeline, records } = record(SPAM)
    const id = idOf(createFeedbackTracer({ pipeline, now })(THUMB))
    expect(host.spans()).toEqual([])
    expect(`${records[0]?.spanContext?.traceId}-${records[0]?.spanContext?.spanId}`).toBe(id)
  })

  test('flows whatever the tracer does', () => {
    const { pipeline, records } = record(SPAM)
    const tracer = {
      startSpan() {
        throw new Error('no tracer')
      },
      startActiveSpan: () => undefined as never,
    }
    expect(createFeedbackTracer({ pipeline, tracer, now })(THUMB).status).toBe('emitted')
    expect(records).toHaveLength(1)
  })
})

test('a feedback that arrives when the pipeline is shut down is counted as lost there', async () => {
  const { pipeline } = record(SPAM)
  await pipeline.shutdown()
  expect(createFeedbackTracer({ pipeline, now })(THUMB).status).toBe('emitted')
  expect(pipeline.loss()).toEqual({ 'pipeline-closed': 1 })
})

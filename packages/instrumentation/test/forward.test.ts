import {
  defineTask,
  feedbackEvent,
  formatTrackingId,
  predictionEvent,
  type Feedback,
  type Task,
  type Value,
} from '@groundtrace/core'
import * as semconv from '@groundtrace/core/semconv'
import { createPipeline } from '@groundtrace/instrumentation'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { expect, test } from 'vitest'
import { FILTER, SPAM } from './spam-filter.ts'

const SPAN = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }
const id = formatTrackingId(SPAN)

function host() {
  const exporter = new InMemoryLogRecordExporter()
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] })
  return { exporter, logger: provider.getLogger('groundtrace') }
}

test('nothing reaches the logger of the host unless it is asked for', () => {
  const { exporter } = host()
  const pipeline = createPipeline({ processors: [] })
  pipeline.emit(predictionEvent({ id, task: SPAM, model: FILTER, time: 1000, value: 'spam' }), SPAN)
  expect(exporter.getFinishedLogRecords()).toEqual([])
})

test('a forwarded prediction keeps its span, time and name and leaves out features, user and business key', () => {
  const { exporter, logger } = host()
  const pipeline = createPipeline({ processors: [], forward: logger, now: () => 2000 })
  const prediction = {
    id,
    task: SPAM,
    model: FILTER,
    time: 1500,
    value: 'spam',
    scores: { spam: 0.75 },
    features: { words: [1] },
    user: 'u1',
    entity: 'mail-1',
  } as const
  pipeline.emit(predictionEvent(prediction), SPAN)
  const [record] = exporter.getFinishedLogRecords()
  expect(record).toMatchObject({
    eventName: 'groundtrace.prediction',
    hrTime: [1, 500_000_000],
    hrTimeObserved: [2, 0],
    severityNumber: 9,
    spanContext: SPAN,
  })
  expect(record?.attributes).toEqual({
    [semconv.ATTR_TRACKING_ID]: id,
    [semconv.ATTR_TASK_NAME]: 'spam',
    [semconv.ATTR_TASK_KIND]: 'binary',
    [semconv.ATTR_TASK_CLASSES]: ['ham', 'spam'],
    [semconv.ATTR_MODEL_NAME]: 'filter',
    [semconv.ATTR_MODEL_VERSION]: 'v7',
    [semconv.ATTR_PREDICTION_VALUE]: 'spam',
    [semconv.ATTR_PREDICTION_SCORES]: { spam: 0.75 },
  })
})

const SECRET = 'Dear Ms Smith, your test results are in'

test.each<[string, Task, Value, Value | undefined]>([
  ['a class that the task declares', SPAM, 'spam', 'spam'],
  ['a number', defineTask({ name: 'price', kind: 'regression' }), 12.5, 12.5],
  ['a generated text', defineTask({ name: 'answer', kind: 'generation' }), SECRET, undefined],
  ['a class of a task that declares none', defineTask({ name: 'topic', kind: 'multiclass' }), SECRET, undefined],
  ['a ranking', defineTask({ name: 'mails', kind: 'ranking' }), [SECRET], undefined],
])('%s is forwarded as what it is, or not at all', (_, task, value, forwarded) => {
  const { exporter, logger } = host()
  const pipeline = createPipeline({ processors: [], forward: logger })
  pipeline.emit(predictionEvent({ id, task, model: FILTER, time: 1000, value }), SPAN)
  const [record] = exporter.getFinishedLogRecords()
  expect(record?.attributes[semconv.ATTR_PREDICTION_VALUE]).toEqual(forwarded)
  expect(record?.attributes[semconv.ATTR_TRACKING_ID]).toBe(id)
})

test.each<[string, Task, object]>([
  ['of the classes that the task declares', SPAM, { spam: 0.5 }],
  ['of no text of a task that declares none', defineTask({ name: 'topic', kind: 'multiclass' }), {}],
])('scores are forwarded %s', (_, task, forwarded) => {
  const { exporter, logger } = host()
  const pipeline = createPipeline({ processors: [], forward: logger })
  const scores = { spam: 0.5, [SECRET]: 0.25 }
  pipeline.emit(predictionEvent({ id, task, model: FILTER, time: 1000, value: 'spam', scores }), SPAN)
  expect(exporter.getFinishedLogRecords()[0]?.attributes[semconv.ATTR_PREDICTION_SCORES]).toEqual(forwarded)
})

test('of a click the item is not forwarded', () => {
  const { exporter, logger } = host()
  const pipeline = createPipeline({ processors: [], forward: logger })
  const target = { entity: SECRET, task: 'mails' }
  const click = { kind: 'action', action: 'click', item: SECRET, source: 'web', time: 1000, target } as const
  pipeline.emit(feedbackEvent({ ...click, id: formatTrackingId({ ...SPAN, spanId: 'c'.repeat(16) }) }))
  const { attributes } = exporter.getFinishedLogRecords()[0] ?? {}
  expect(attributes).toMatchObject({ [semconv.ATTR_FEEDBACK_ACTION]: 'click' })
  expect(Object.values(attributes ?? {})).not.toContain(SECRET)
})

test.each<[string, Value, Value | undefined]>([
  ['a number', 12.5, 12.5],
  ['a text', SECRET, undefined],
  ['a ranking', [SECRET], undefined],
])('of a correction, %s is forwarded as what it is, or not at all', (_, label, forwarded) => {
  const { exporter, logger } = host()
  const pipeline = createPipeline({ processors: [], forward: logger })
  const correction: Feedback = {
    id: formatTrackingId({ ...SPAN, spanId: 'c'.repeat(16) }),
    kind: 'correction',
    label,
    source: 'recipient',
    time: 1000,
    target: { prediction: id },
  }
  pipeline.emit(feedbackEvent(correction))
  expect(exporter.getFinishedLogRecords()[0]?.attributes[semconv.ATTR_FEEDBACK_LABEL]).toEqual(forwarded)
})

test('a forwarded feedback leaves out user, comment and harm report', () => {
  const { exporter, logger } = host()
  const pipeline = createPipeline({ processors: [], forward: logger })
  const feedback: Feedback = {
    id: formatTrackingId({ ...SPAN, spanId: 'c'.repeat(16) }),
    kind: 'harm',
    report: 'it hurt',
    comment: 'badly',
    user: 'u1',
    source: 'recipient',
    time: 1000,
    target: { prediction: id },
  }
  pipeline.emit(feedbackEvent(feedback))
  expect(Object.keys(exporter.getFinishedLogRecords()[0]?.attributes ?? {}).sort()).toEqual([
    semconv.ATTR_FEEDBACK_ID,
    semconv.ATTR_FEEDBACK_KIND,
    semconv.ATTR_FEEDBACK_SOURCE,
    semconv.ATTR_TRACKING_ID,
  ])
})

test.each<[string, () => void]>([
  ['throws', broken],
  ['rejects', async () => broken()],
])('a logger that %s costs the forwarded copy only', async (_, emit) => {
  const records: unknown[] = []
  const pipeline = createPipeline({
    processors: [
      { onEmit: (record) => void records.push(record), forceFlush: async () => {}, shutdown: async () => {} },
    ],
    forward: { emit },
  })
  pipeline.emit({ hrTime: [1, 0], attributes: {} })
  await pipeline.forceFlush()
  expect(records).toHaveLength(1)
  expect(pipeline.loss()).toEqual({ 'forward-failed': 1 })
})

function broken(): never {
  throw new Error('broken')
}

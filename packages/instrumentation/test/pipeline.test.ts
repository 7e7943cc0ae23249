import { GroundtraceError, type LogEvent } from '@groundtrace/core'
import {
  createPipeline,
  type EventRecord,
  type PipelineOptions,
  type RecordProcessor,
} from '@groundtrace/instrumentation'
import { diag, DiagLogLevel, ROOT_CONTEXT, type DiagLogger } from '@opentelemetry/api'
import { BatchLogRecordProcessor, InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs'
import { afterEach, describe, expect, test } from 'vitest'

const EVENT: LogEvent = {
  eventName: 'groundtrace.prediction',
  hrTime: [12, 5],
  attributes: { a: 1, map: { b: [1, 2] } },
}
const SPAN = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }
const FAULT = new Error('broken')

function processor(over: Partial<RecordProcessor> = {}): RecordProcessor & { records: EventRecord[] } {
  const records: EventRecord[] = []
  return {
    records,
    onEmit: (record) => void records.push(record),
    forceFlush: async () => {},
    shutdown: async () => {},
    ...over,
  }
}

/** Collects what OpenTelemetry's diagnostics say. */
function listen(): string[] {
  const said: string[] = []
  const say = (message: string) => void said.push(message)
  diag.setLogger(
    { error: say, warn: say, info: say, debug: say, verbose: say },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
  return said
}

afterEach(() => diag.disable())

test('every processor gets the event at once, as a record with its span, resource and scope', () => {
  const [first, second] = [processor(), processor()]
  const resource = { attributes: { 'service.name': 'mail' } }
  const pipeline = createPipeline({ processors: [first, second], resource, now: () => 12_345 })
  pipeline.emit(EVENT, SPAN)
  expect(first.records).toEqual([
    {
      eventName: 'groundtrace.prediction',
      hrTime: [12, 5],
      hrTimeObserved: [12, 345_000_000],
      spanContext: SPAN,
      attributes: EVENT.attributes,
      resource,
      instrumentationScope: { name: '@groundtrace/instrumentation', version: '0.1.0' },
      droppedAttributesCount: 0,
    },
  ])
  expect(second.records).toEqual(first.records)
  expect(first.records[0]?.resource).toBe(resource)
  expect(pipeline.loss()).toEqual({})
})

test('the processors get the context that was given, and the active one otherwise', () => {
  const contexts: unknown[] = []
  const pipeline = createPipeline({ processors: [processor({ onEmit: (_, context) => void contexts.push(context) })] })
  const context = ROOT_CONTEXT.setValue(Symbol.for('test'), 1)
  pipeline.emit(EVENT, SPAN, context)
  pipeline.emit(EVENT)
  expect(contexts).toEqual([context, ROOT_CONTEXT])
})

test('a clock that rejects costs the event, which is counted, and does not end the process', async () => {
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', onUnhandled)
  const pipeline = createPipeline({ processors: [], now: (() => Promise.reject(FAULT)) as never })
  pipeline.emit(EVENT)
  // One turn of the event loop, after which Node reports rejections that nobody handled.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', onUnhandled)
  expect(unhandled).toEqual([])
  expect(pipeline.loss()).toEqual({ 'event-invalid': 1 })
})

test('without a resource the service is unknown, as OpenTelemetry names it', () => {
  const only = processor()
  createPipeline({ processors: [only] }).emit(EVENT)
  expect(only.records[0]?.resource.attributes).toEqual({ 'service.name': 'unknown_service:node' })
})

describe('a processor that fails harms nobody', () => {
  const failing: readonly (readonly [string, RecordProcessor['onEmit']])[] = [
    [
      'throws',
      () => {
        throw FAULT
      },
    ],
    ['rejects', () => Promise.reject(FAULT) as unknown as void],
    ['writes on the record', (record) => void Object.assign(record, { attributes: {} })],
    ['writes on the attributes', (record) => void Object.assign(record.attributes, { a: 2 })],
  ]
  test.each(failing)(
    'when it %s, its neighbours get the event as it was and the loss is counted',
    async (_, onEmit) => {
      const [before, after] = [processor(), processor()]
      const pipeline = createPipeline({ processors: [before, processor({ onEmit }), after] })
      pipeline.emit(EVENT)
      await pipeline.forceFlush()
      expect(before.records).toHaveLength(1)
      expect(after.records.map(({ attributes }) => attributes)).toEqual([EVENT.attributes])
      expect(pipeline.loss()).toEqual({ 'processor-failed': 1 })
    },
  )

  test('the caller may go on to write on its event', () => {
    const only = processor()
    const attributes: Record<string, unknown> = { a: 1 }
    createPipeline({ processors: [only] }).emit({ hrTime: [1, 0], attributes })
    attributes['a'] = 2
    expect(only.records[0]?.attributes).toEqual({ a: 1 })
  })

  test('when it cannot flush or shut down, the others do and nothing rejects', async () => {
    const done: string[] = []
    const broken = processor({
      forceFlush: () => {
        throw FAULT
      },
      shutdown: () => Promise.reject(FAULT),
    })
    const sound = processor({
      forceFlush: async () => void done.push('flushed'),
      shutdown: async () => void done.push('shut down'),
    })
    const pipeline = createPipeline({ processors: [broken, sound] })
    await pipeline.forceFlush()
    await pipeline.shutdown()
    expect(done).toEqual(['flushed', 'shut down'])
    expect(pipeline.loss()).toEqual({ 'flush-failed': 2 })
  })
})

describe('losses', () => {
  test('are counted by reason and logged once for each reason', () => {
    const said = listen()
    const pipeline = createPipeline({
      processors: [
        processor({
          onEmit: () => {
            throw FAULT
          },
        }),
      ],
    })
    for (let index = 0; index < 5; index++) pipeline.emit(EVENT)
    pipeline.lose('describe-failed', FAULT)
    expect(pipeline.loss()).toEqual({ 'processor-failed': 5, 'describe-failed': 1 })
    expect(said.map((message) => /\((.+)\)/.exec(message)?.[1])).toEqual(['processor-failed', 'describe-failed'])
  })

  test('are counted also when the logger of the host throws', () => {
    const broken = (): void => {
      throw FAULT
    }
    const logger: DiagLogger = { error: broken, warn: broken, info: () => {}, debug: () => {}, verbose: () => {} }
    diag.setLogger(logger, { suppressOverrideMessage: true })
    const pipeline = createPipeline({ processors: [] })
    pipeline.lose('rows-failed', FAULT)
    expect(pipeline.loss()).toEqual({ 'rows-failed': 1 })
  })

  test('are what an event is that is none', () => {
    const only = processor()
    const pipeline = createPipeline({ processors: [only] })
    for (const event of [
      undefined,
      null,
      'x',
      {},
      { attributes: {} },
      { attributes: null, hrTime: [1, 0] },
      { attributes: {}, hrTime: ['x', 0] },
    ]) {
      pipeline.emit(event as unknown as LogEvent)
    }
    expect(pipeline.loss()).toEqual({ 'event-invalid': 7 })
    expect(only.records).toEqual([])
  })

  test('a snapshot of them stays as it was', () => {
    const pipeline = createPipeline({ processors: [] })
    const before = pipeline.loss()
    pipeline.lose('model-failed')
    expect(before).toEqual({})
  })
})

test('shutdown reaches every processor once; what is emitted afterwards is lost as pipeline-closed', async () => {
  let shutdowns = 0
  const only = processor({ shutdown: async () => void shutdowns++ })
  const pipeline = createPipeline({ processors: [only] })
  await Promise.all([pipeline.shutdown(), pipeline.shutdown()])
  pipeline.emit(EVENT)
  expect(shutdowns).toBe(1)
  expect(only.records).toEqual([])
  expect(pipeline.loss()).toEqual({ 'pipeline-closed': 1 })
})

test("an OpenTelemetry SDK's batch processor is a processor as it stands", async () => {
  const exporter = new InMemoryLogRecordExporter()
  const pipeline = createPipeline({ processors: [new BatchLogRecordProcessor({ exporter })] })
  pipeline.emit(EVENT, SPAN)
  await pipeline.forceFlush()
  expect(exporter.getFinishedLogRecords()).toMatchObject([{ attributes: EVENT.attributes, spanContext: SPAN }])
  await pipeline.shutdown()
})

describe('options that cannot work are refused with cause and next step', () => {
  test.each([
    ['none', undefined],
    ['no processors', {}],
    ['a processor without onEmit', { processors: [{ forceFlush() {}, shutdown() {} }] }],
    ['nothing as a processor', { processors: [null] }],
    ['a resource without attributes', { processors: [], resource: {} }],
    ['a resource whose attributes are null', { processors: [], resource: { attributes: null } }],
    ['a logger without emit', { processors: [], forward: {} }],
    ['a clock that is no function', { processors: [], now: 5 }],
  ])('%s', (_, options) => {
    const make = () => createPipeline(options as unknown as PipelineOptions)
    expect(make).toThrow(GroundtraceError)
    expect(make).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(/\. Pass /) }),
    )
  })
})

describe('a loss before any processor saw the event', () => {
  test('is told to the processors that listen, and a listener that fails harms nobody', async () => {
    const heard: unknown[] = []
    const pipeline = createPipeline({
      processors: [
        {
          ...processor(),
          onLoss: () => {
            throw FAULT
          },
        },
        {
          ...processor(),
          onLoss: async () => {
            throw FAULT
          },
        },
        processor(),
        { ...processor(), onLoss: (reason, lines) => void heard.push([reason, lines]) },
      ],
    })
    pipeline.lose('prediction-invalid')
    pipeline.emit(null as unknown as LogEvent)
    await pipeline.shutdown()
    pipeline.emit(null as unknown as LogEvent)
    expect(heard).toEqual([
      ['prediction-invalid', 1],
      ['event-invalid', 1],
      ['pipeline-closed', 1],
    ])
  })

  test('is not told when a processor had the event and failed: it tells itself', () => {
    const heard: unknown[] = []
    const failing = {
      ...processor(),
      onEmit: () => {
        throw FAULT
      },
      onLoss: (reason: string) => void heard.push(reason),
    }
    const pipeline = createPipeline({ processors: [failing] })
    pipeline.emit(EVENT)
    expect(pipeline.loss()).toEqual({ 'processor-failed': 1 })
    expect(heard).toEqual([])
  })
})

test('fields that were left out are counted, and are no loss', () => {
  const pipeline = createPipeline({ processors: [] })
  pipeline.dropField('entity')
  pipeline.dropField('entity')
  expect(pipeline.droppedFields()).toEqual({ entity: 2 })
  expect(pipeline.loss()).toEqual({})
})

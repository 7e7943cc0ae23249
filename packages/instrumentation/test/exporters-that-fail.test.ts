import { createPipeline, tracePrediction, type Pipeline, type RecordProcessor } from '@groundtrace/instrumentation'
import { EVENT_PREDICTION } from '@groundtrace/core/semconv'
import { ExportResultCode } from '@opentelemetry/core'
import { BatchLogRecordProcessor, SimpleLogRecordProcessor, type LogRecordExporter } from '@opentelemetry/sdk-logs'
import { describe, expect, test } from 'vitest'
import { FILTERED } from './spam-filter.ts'
import { unhandledRejections } from './unhandled-rejections.ts'

type Export = LogRecordExporter['export']

const FAULT = new Error('not yours')
const never = new Promise<never>(() => {})

/** An exporter of the SDK, whose collector does what the test says. */
const exporter = (send: Export): LogRecordExporter => ({
  export: send,
  forceFlush: async () => {},
  shutdown: async () => {},
})

/** Collectors that take nothing: they never answer, they refuse, they throw. */
const COLLECTORS: readonly (readonly [string, Export])[] = [
  ['never answers', () => {}],
  ['refuses', (_, done) => done({ code: ExportResultCode.FAILED, error: FAULT })],
  [
    'throws',
    () => {
      throw FAULT
    },
  ],
]

const unhandled = unhandledRejections()

/** Predicts so often, and says what came back; each answer is an object of its own. */
async function predict(pipeline: Pipeline, times: number): Promise<readonly boolean[]> {
  const answers = Array.from({ length: times }, () => ({ label: 'ham' }))
  const tracked = tracePrediction((answer: { label: string }) => answer, {
    ...FILTERED,
    pipeline,
    describe: ({ label }) => ({ value: label }),
  })
  const isSame: boolean[] = []
  for (const answer of answers) isSame.push((await tracked(answer)).value === answer)
  // One turn of the event loop, after which Node reports rejections that nobody handled.
  await new Promise((resolve) => setImmediate(resolve))
  return isSame
}

describe.each(COLLECTORS)('a collector that %s', (_, send) => {
  test('holds up no prediction, behind a batch processor whose queue is full', async () => {
    const processor = new BatchLogRecordProcessor({
      exporter: exporter(send),
      maxQueueSize: 4,
      maxExportBatchSize: 2,
      exportTimeoutMillis: 20,
    })
    const pipeline = createPipeline({ processors: [processor] })
    expect(await predict(pipeline, 50)).toEqual(Array.from({ length: 50 }, () => true))
    // What the processor had and dropped is its own to tell.
    expect(pipeline.loss()).toEqual({})
    await pipeline.shutdown()
    expect(unhandled).toEqual([])
  })

  test('holds up no prediction, behind a processor that sends each event at once', async () => {
    const pipeline = createPipeline({ processors: [new SimpleLogRecordProcessor({ exporter: exporter(send) })] })
    expect(await predict(pipeline, 3)).toEqual([true, true, true])
    expect(unhandled).toEqual([])
  })
})

const throwing = (): never => {
  throw FAULT
}

test.each<[string, () => unknown, object]>([
  ['throws', throwing, { 'processor-failed': 2 }],
  ['rejects', async () => throwing(), { 'processor-failed': 2 }],
  ['never settles', async () => never, {}],
  ['returns what throws when it is looked at', () => new Proxy(throwing, { get: throwing }), {}],
])('a processor that %s holds up no prediction, and what it lost is counted', async (_, onEmit, loss) => {
  const processor: RecordProcessor = {
    // A prediction brings other events along; they are not what is counted here.
    onEmit: ({ eventName }) => (eventName === EVENT_PREDICTION ? onEmit() : undefined),
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const pipeline = createPipeline({ processors: [processor] })
  expect(await predict(pipeline, 2)).toEqual([true, true])
  expect(pipeline.loss()).toEqual(loss)
  expect(unhandled).toEqual([])
})

test('predictions that run while the pipeline shuts down end as they would, and those that come later are counted', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<undefined>()
  const pipeline = createPipeline({
    processors: [{ onEmit() {}, forceFlush: async () => {}, shutdown: () => never }],
  })
  const tracked = tracePrediction(
    async (label: string) => {
      await released
      return label
    },
    { ...FILTERED, pipeline },
  )
  const running = [tracked('ham'), tracked('spam')]
  void pipeline.shutdown()
  release(undefined)
  expect((await Promise.all(running)).map(({ value }) => value)).toEqual(['ham', 'spam'])
  expect(pipeline.loss()).toEqual({ 'pipeline-closed': 2 })
})

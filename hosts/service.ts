// A service with models in it, as a user would write it: `node service.ts <sampled|unsampled|no-sdk> <receiver>`.
// It runs alike on both SDKs; sdk.ts beside it is the host's. What it was told goes to stdout as one JSON object.
import { defineTask } from '@groundtrace/core'
import { createPipeline, getActiveTrackingId, tracePrediction } from '@groundtrace/instrumentation'
import { context, trace } from '@opentelemetry/api'
import { batchProcessor, hostLogger, startTracing } from './sdk.ts'

const [mode = '', receiver = ''] = process.argv.slice(2)
const stopTracing = mode === 'no-sdk' ? undefined : startTracing(`${receiver}/v1/traces`, mode === 'sampled')
const host = hostLogger(`${receiver}/host/v1/logs`)
const pipeline = createPipeline({
  processors: [batchProcessor(`${receiver}/v1/logs`)],
  resource: { attributes: { 'service.name': 'mail' } },
  forward: host.logger,
  now: () => 1_700_000_001_000,
})

const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const length = defineTask({ name: 'length', kind: 'regression' })
const clock = { now: () => 1_700_000_000_125, monotonic: ticking(250) }
const filter = { name: 'filter', version: '2024-07.1' }

const classify = tracePrediction((text: string) => (text === '' ? 'ham' : 'spam'), {
  task: spam,
  model: filter,
  pipeline,
  ...clock,
  describe: (value, { args: [text] }) => ({
    value,
    scores: { ham: 0.25, spam: 0.75 },
    features: { indices: [3, 14, 15], weights: [0.5, 1, 2.5], known: false, subject: text },
    slices: { language: 'en' },
    entity: 'mail-17',
    user: 'pseudonym-1',
    policy: { variant: 'b', action: 'block', propensity: 0.125, explored: true },
  }),
})

const measure = tracePrediction(async (texts: readonly string[]) => texts.map((text) => text.length), {
  task: length,
  model: { name: 'ruler', version: '1' },
  pipeline,
  ...clock,
  rows: (texts) => texts.length,
  describe: (lengths, { row }) => ({ value: lengths[row] ?? 0 }),
})

const explain = tracePrediction(
  async (text: string) => {
    await Promise.resolve()
    return { active: getActiveTrackingId(), member: await classify(text) }
  },
  {
    task: spam,
    model: { name: 'ensemble', version: '1' },
    pipeline,
    ...clock,
    describe: ({ member }) => ({ value: member.value }),
  },
)

const broken = tracePrediction(
  (): string => {
    throw new RangeError('no weights')
  },
  { task: spam, model: { name: 'broken', version: '1' }, pipeline, ...clock, describe: (value) => ({ value }) },
)

/** A stop watch that moves on by so many milliseconds whenever it is read. */
function ticking(step: number): () => number {
  let time = 0
  return () => (time += step)
}

const remote = {
  traceId: 'abcdef0123456789abcdef0123456789',
  spanId: 'fedcba9876543210',
  traceFlags: 0,
  isRemote: true,
}
const told = {
  single: await classify('win a prize'),
  batch: await measure(['a', 'bbb']),
  nested: await explain('hello'),
  failed: await broken().catch((error: Error) => error.message),
  siblings: await context.with(trace.setSpanContext(context.active(), remote), () =>
    Promise.all([classify('x'), classify('y')]),
  ),
}
await pipeline.forceFlush()
const loss = pipeline.loss()
await host.flush()
await stopTracing?.()
const afterwards = mode === 'no-sdk' ? [] : [await classify('after'), await classify('the end')]
await pipeline.shutdown()
process.stdout.write(JSON.stringify({ ...told, afterwards, loss }))

import { defineTask } from '@groundtrace/core'
import {
  createPipeline,
  getActiveTrackingId,
  tracePrediction,
  type EventLogger,
  type RecordProcessor,
} from '@groundtrace/instrumentation'
import { context, trace } from '@opentelemetry/api'

/** What a generation of the OpenTelemetry SDK brings; each folder beside this file has it of its own. */
export interface Sdk {
  readonly batchProcessor: (url: string) => RecordProcessor
  readonly hostLogger: (url: string) => { readonly logger: EventLogger; readonly flush: () => Promise<void> }
  readonly startTracing: (url: string, sampled: boolean) => () => Promise<void>
}

/** A stop watch that moves on by so many milliseconds whenever it is read. */
function ticking(step: number): () => number {
  let time = 0
  return () => (time += step)
}

/**
 * A service with models in it, as a user would write it: `node main.ts <sampled|unsampled|no-sdk> <receiver>`. It is the
 * same on both SDKs. What it was told goes to standard output as one JSON object.
 */
export async function runService({ batchProcessor, hostLogger, startTracing }: Sdk): Promise<void> {
  const [mode = '', receiver = ''] = process.argv.slice(2)
  const stopTracing = mode === 'no-sdk' ? undefined : startTracing(`${receiver}/v1/traces`, mode === 'sampled')
  const host = hostLogger(`${receiver}/host/v1/logs`)
  const pipeline = createPipeline({
    processors: [batchProcessor(`${receiver}/v1/logs`)],
    resource: { attributes: { 'service.name': 'mail' } },
    forward: host.logger,
    secret: 'a secret for tests, of 35 characters',
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
    features: {
      indices: 'keep',
      weights: 'keep',
      known: 'keep',
      subject: 'keep',
      sender: 'hash',
      age: { bucket: [18, 65] },
      token: 'drop',
    },
    describe: (value, { args: [text] }) => ({
      value,
      scores: { ham: 0.25, spam: 0.75 },
      features: {
        indices: [3, 14, 15],
        weights: [0.5, 1, 2.5],
        known: false,
        subject: text,
        sender: 'bob@example.com',
        age: 42,
        token: 'private',
        unnamed: 'private',
      },
      slices: { language: 'en' },
      entity: 'mail-17',
      user: 'user-17',
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

  const rolledOut = ['1', '2', '1'].values()
  const route = tracePrediction(() => 1, {
    task: length,
    model: () => ({ name: 'router', version: rolledOut.next().value ?? '' }),
    pipeline,
    ...clock,
    describe: (value) => ({ value }),
  })

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
    rollout: [await route(), await route(), await route()],
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
}

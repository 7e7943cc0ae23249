import { predictionEvent, type Policy } from '@groundtrace/core'
import { createPipeline, tracePrediction } from '@groundtrace/instrumentation'
import { afterEach, describe, expect, test } from 'vitest'
import { record } from './recording.ts'
import { startSdk, stop } from './sdk-host.ts'
import { FILTER, FILTERED, SPAM } from './spam-filter.ts'

const WITH_VARIANT = { ...FILTERED, describe: (value: string) => ({ value, policy: { variant: 'b' } }) }

afterEach(stop)

test('a prediction with a variant brings the evaluation of a flag, in its span, and the first of a version its deployment', async () => {
  startSdk()
  const { pipeline, records, beside } = record(SPAM)
  const { trackingId } = await tracePrediction(() => 'ham', { ...WITH_VARIANT, pipeline })()
  expect(beside.map(({ eventName }) => eventName)).toEqual(['groundtrace.deployment', 'feature_flag.evaluation'])
  const [deployment, evaluation] = beside
  expect(deployment?.attributes).toEqual({
    'groundtrace.model.name': FILTER.name,
    'groundtrace.model.version': FILTER.version,
  })
  expect(evaluation?.attributes).toMatchObject({
    'feature_flag.key': 'spam',
    'feature_flag.result.variant': 'b',
    'groundtrace.tracking_id': trackingId,
  })
  for (const { spanContext, hrTime } of beside) {
    expect(`${spanContext?.traceId}-${spanContext?.spanId}`).toBe(trackingId)
    expect(hrTime).toEqual(records[0]?.hrTime)
  }
})

test('each prediction with a variant is evaluated, those without are not, and a version is deployed once', async () => {
  const { pipeline, beside } = record(SPAM)
  const policies: readonly (Policy | undefined)[] = [{ variant: 'a' }, undefined, { action: 'block' }, { variant: 'b' }]
  const predict = tracePrediction((policy: Policy | undefined) => policy, {
    ...FILTERED,
    pipeline,
    describe: (policy) => ({ value: 'ham', ...(policy === undefined ? {} : { policy }) }),
  })
  for (const policy of policies) await predict(policy)
  const variants = beside.flatMap(({ attributes }) => attributes['feature_flag.result.variant'] ?? [])
  expect(variants).toEqual(['a', 'b'])
  expect(beside).toHaveLength(3)
})

test('a rollout and the rollback after it are one deployment', async () => {
  let version = 'v1'
  const { pipeline, beside } = record(SPAM)
  const predict = tracePrediction(() => 'ham', { ...FILTERED, pipeline, model: () => ({ name: 'filter', version }) })
  for (version of ['v1', 'v2', 'v1', 'v2']) await predict()
  expect(beside.map(({ attributes }) => attributes['groundtrace.model.version'])).toEqual(['v1', 'v2'])
})

test('a model that fails is deployed all the same', async () => {
  const { pipeline, beside } = record(SPAM)
  const failing = tracePrediction(
    () => {
      throw new Error('no weights')
    },
    { ...FILTERED, pipeline },
  )
  await expect(failing()).rejects.toThrow('no weights')
  expect(beside).toHaveLength(1)
})

test('every pipeline tells by itself: each may lead to another register', async () => {
  for (const { pipeline, beside } of [record(SPAM), record(SPAM)]) {
    await tracePrediction(() => 'ham', { ...FILTERED, pipeline })()
    expect(beside).toHaveLength(1)
  }
})

describe('nothing that is brought along', () => {
  const event = predictionEvent({
    id: `${'a'.repeat(32)}-${'b'.repeat(16)}` as Parameters<typeof predictionEvent>[0]['id'],
    task: SPAM,
    model: FILTER,
    time: 0,
    value: 'ham',
    policy: { variant: 'b' },
  })

  test('comes with what was no event, or came after the end', async () => {
    const { pipeline, beside } = record(SPAM)
    pipeline.emit({ ...event, hrTime: [Number.NaN, 0] })
    await pipeline.shutdown()
    pipeline.emit(event)
    expect(beside).toEqual([])
    expect(pipeline.loss()).toEqual({ 'event-invalid': 1, 'pipeline-closed': 1 })
  })

  test('is read from an event a second time: attributes may be whatever they like', () => {
    const { pipeline, beside } = record(SPAM)
    let reads = 0
    const attributes = Object.defineProperty({ ...event.attributes }, 'groundtrace.policy.variant', {
      enumerable: true,
      get() {
        reads += 1
        if (reads > 1) throw new Error('read twice')
        return 'b'
      },
    })
    pipeline.emit({ ...event, attributes })
    expect(beside).toHaveLength(2)
    expect(pipeline.loss()).toEqual({})
  })

  test('goes to the host with a pseudonym', () => {
    const sent: unknown[] = []
    const pipeline = createPipeline({ processors: [], forward: { emit: (given) => void sent.push(given) } })
    pipeline.emit({ ...event, attributes: { ...event.attributes, 'enduser.pseudo.id': 'pseudonym' } })
    expect(sent).toHaveLength(3)
    expect(JSON.stringify(sent, (key, value: unknown) => (key === 'context' ? undefined : value))).not.toContain(
      'pseudonym',
    )
  })

  test('is lost in silence: a processor that fails is counted for each', () => {
    const pipeline = createPipeline({
      processors: [
        {
          onEmit() {
            throw new Error('full')
          },
          forceFlush: async () => {},
          shutdown: async () => {},
        },
      ],
    })
    pipeline.emit(event)
    expect(pipeline.loss()).toEqual({ 'processor-failed': 3 })
  })

  test('is told without end: versions beyond those that are remembered are counted', () => {
    const { pipeline, beside } = record(SPAM)
    for (let request = 0; request < 1100; request += 1) {
      const version = { 'groundtrace.model.version': `v${request}`, 'groundtrace.policy.variant': undefined }
      pipeline.emit({ ...event, attributes: { ...event.attributes, ...version } })
    }
    expect(beside).toHaveLength(1000)
    expect(pipeline.droppedFields()).toEqual({ deployment: 100 })
    expect(pipeline.loss()).toEqual({})
  })
})

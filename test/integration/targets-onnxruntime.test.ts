import { defineTask } from '@groundtrace/core'
import { EVENT_PREDICTION } from '@groundtrace/core/semconv'
import {
  createPipeline,
  PredictionInstrumentation,
  trackingIdOf,
  trackingIdsOf,
  type EventRecord,
  type OnnxModel,
} from '@groundtrace/instrumentation'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ENDS, installTargets, versionIn, type End } from './installed-targets.ts'
import { linearClassifier, SILERO } from './onnx-file.ts'
import type * as Ort from 'onnxruntime-node'

const WEIGHTS = [
  [1, 0, -1],
  [0, 2, 0],
]
const BIAS = [0, 0, 0.5]
const CLASSES = ['cat', 'dog', 'fox']
const ANIMAL = defineTask({ name: 'animal', kind: 'multiclass', classes: CLASSES })
const CLASSIFIER: OnnxModel = {
  match: 'classifier.onnx',
  task: ANIMAL,
  model: { name: 'classifier', version: '1' },
  scores: 'probabilities',
}
const SPEECH: OnnxModel = {
  match: 'silero_vad_v5.onnx',
  task: defineTask({ name: 'speech', kind: 'binary', classes: ['silence', 'speech'] }),
  model: { name: 'silero', version: '5' },
  scores: 'output',
}

/** Softmax of features · weights + bias: what the file computes, computed here in float64. */
function softmax(features: readonly number[]): Record<string, number> {
  const exponentials = BIAS.map((bias, column) =>
    Math.exp(features.reduce((sum, feature, index) => sum + feature * (WEIGHTS[index]?.[column] ?? 0), bias)),
  )
  const total = exponentials.reduce((sum, value) => sum + value, 0)
  return Object.fromEntries(exponentials.map((value, index) => [CLASSES[index] ?? '', value / total]))
}

const close = (expected: Record<string, number>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(expected).map(([label, value]) => [label, expect.closeTo(value, 6) as unknown]))

/** Of `classifier-2.onnx` it is 2. */
const fileVersion = (path = ''): string => /-(\w+)\.onnx$/.exec(path)?.[1] ?? '1'

const fail = (): never => {
  throw new Error('not yours')
}

const work = mkdtempSync(join(tmpdir(), 'groundtrace-onnx-'))
const file = join(work, 'classifier.onnx')
writeFileSync(file, linearClassifier(WEIGHTS, BIAS))
afterAll(() => rmSync(work, { recursive: true, force: true }))

describe.each(Object.keys(ENDS) as End[])('onnxruntime-node, %s supported version', (end) => {
  const folder = join(work, end)
  const records: EventRecord[] = []
  const pipeline = createPipeline({
    processors: [
      { onEmit: (record) => void records.push(record), forceFlush: async () => {}, shutdown: async () => {} },
    ],
  })
  let instrumentation: PredictionInstrumentation
  let ort: typeof Ort
  let session: Ort.InferenceSession

  beforeAll(async () => {
    installTargets(end, folder, ['onnxruntime-node'])
    instrumentation = new PredictionInstrumentation({ pipeline })
    ort = createRequire(join(folder, 'main.cjs'))('onnxruntime-node') as typeof Ort
    session = await ort.InferenceSession.create(file)
  })
  afterAll(() => instrumentation.disable())
  beforeEach(() => {
    records.length = 0
    instrumentation.setConfig({ pipeline, onnxruntime: [CLASSIFIER, SPEECH] })
  })

  const features = (...rows: readonly (readonly number[])[]): { features: Ort.Tensor } => ({
    features: new ort.Tensor('float32', rows.flat(), [rows.length, 2]),
  })
  const attributes = (): readonly Record<string, unknown>[] =>
    records.filter(({ eventName }) => eventName === EVENT_PREDICTION).map((record) => record.attributes)
  const loss = () => pipeline.loss()

  test('is the version that is declared', () => {
    expect(instrumentation.reports()).toEqual([
      {
        module: 'onnxruntime-node',
        version: versionIn(folder, 'onnxruntime-node'),
        patched: ['InferenceSession.run', 'InferenceSession.create'],
      },
    ])
  })

  test('a run of one row is one prediction, with the scores of the declared output', async () => {
    const outputs = await session.run(features([1, 0]))
    expect(attributes()).toEqual([
      {
        'groundtrace.tracking_id': trackingIdOf(outputs),
        'groundtrace.task.name': 'animal',
        'groundtrace.task.kind': 'multiclass',
        'groundtrace.task.classes': CLASSES,
        'groundtrace.model.name': 'classifier',
        'groundtrace.model.version': '1',
        'groundtrace.prediction.value': 'cat',
        'groundtrace.prediction.scores': close(softmax([1, 0])),
        'groundtrace.prediction.latency': expect.any(Number) as number,
      },
    ])
  })

  test('a run of several rows is a prediction for each, with an ID for each', async () => {
    const outputs = await session.run(features([1, 0], [0, 1], [-3, 0]))
    const ids = trackingIdsOf(outputs)
    expect(ids.map((id) => id.split('-')[2])).toEqual(['0', '1', '2'])
    expect(attributes().map((event) => event['groundtrace.tracking_id'])).toEqual(ids)
    expect(attributes().map((event) => event['groundtrace.prediction.value'])).toEqual(['cat', 'dog', 'fox'])
    expect(attributes().map((event) => event['groundtrace.prediction.scores'])).toEqual(
      [
        [1, 0],
        [0, 1],
        [-3, 0],
      ].map((row) => close(softmax(row))),
    )
  })

  test('a label of 64 bits is the index of a class', async () => {
    instrumentation.setConfig({ pipeline, onnxruntime: [{ ...CLASSIFIER, value: 'label' }] })
    await session.run(features([0, 1], [1, 0]))
    expect(attributes().map((event) => event['groundtrace.prediction.value'])).toEqual(['dog', 'cat'])
  })

  test('a model that others trained, with one output for the positive class and an input of 64 bits', async () => {
    const silero = await ort.InferenceSession.create(SILERO, { logSeverityLevel: 3 })
    const outputs = await silero.run({
      input: new ort.Tensor('float32', new Float32Array(512), [1, 512]),
      state: new ort.Tensor('float32', new Float32Array(256), [2, 1, 128]),
      sr: new ort.Tensor('int64', BigInt64Array.of(16_000n), [1]),
    })
    const speech = Number(outputs['output']?.data[0])
    expect(attributes()).toMatchObject([
      {
        'groundtrace.tracking_id': trackingIdOf(outputs),
        'groundtrace.model.name': 'silero',
        'groundtrace.prediction.value': speech < 0.5 ? 'silence' : 'speech',
        'groundtrace.prediction.scores': { silence: 1 - speech, speech },
      },
    ])
  })

  test('a session that was made while nothing tracked is tracked once something does', async () => {
    instrumentation.disable()
    const before = await ort.InferenceSession.create(linearClassifier(WEIGHTS, BIAS))
    await before.run(features([1, 0]))
    expect(records).toEqual([])
    instrumentation.enable()
    instrumentation.setConfig({
      pipeline,
      onnxruntime: [{ ...CLASSIFIER, match: ({ outputNames }) => outputNames.includes('probabilities') }],
    })
    await before.run(features([1, 0]))
    expect(attributes()).toHaveLength(1)
  })

  test('a session that nobody declared has IDs and no event', async () => {
    instrumentation.setConfig({ pipeline })
    const outputs = await session.run(features([1, 0]))
    expect(trackingIdOf(outputs)).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/)
    expect([records, loss()]).toEqual([[], {}])
  })

  test('the file says which version answers, where a function reads it from the path', async () => {
    const next = join(work, 'classifier-2.onnx')
    writeFileSync(next, linearClassifier(WEIGHTS, BIAS))
    instrumentation.setConfig({
      pipeline,
      onnxruntime: [
        { ...CLASSIFIER, match: () => true, model: ({ path }) => ({ name: 'classifier', version: fileVersion(path) }) },
      ],
    })
    await session.run(features([1, 0]))
    await (await ort.InferenceSession.create(next)).run(features([1, 0]))
    expect(attributes().map((event) => event['groundtrace.model.version'])).toEqual(['1', '2'])
  })

  test('the declaration says what the outputs do not, for each row', async () => {
    instrumentation.setConfig({
      pipeline,
      onnxruntime: [
        {
          ...CLASSIFIER,
          features: { first: 'keep', sure: 'keep' },
          describe: ({ feeds, row, value, scores, trackingId }) => ({
            entity: `photo-${row}`,
            slices: { said: String(value) },
            features: {
              first: Number((feeds['features'] as Ort.Tensor).data[row * 2]),
              sure: (scores?.['cat'] ?? 0) > 0.5,
            },
            policy: { action: trackingId.endsWith('-1') ? 'hold' : 'pass' },
          }),
        },
      ],
    })
    await session.run(features([1, 0], [0, 1]))
    expect(attributes()).toMatchObject([
      {
        'groundtrace.entity': 'photo-0',
        'groundtrace.prediction.slices': { said: 'cat' },
        'groundtrace.prediction.features': { first: 1, sure: true },
        'groundtrace.policy.action': 'pass',
      },
      { 'groundtrace.entity': 'photo-1', 'groundtrace.policy.action': 'hold' },
    ])
  })

  test('a run that fails is a prediction that failed, with the error of the library', async () => {
    await expect(session.run({})).rejects.toThrow("input 'features' is missing")
    expect(attributes()).toMatchObject([{ 'error.type': 'Error', 'groundtrace.model.name': 'classifier' }])
  })

  test('arguments and outputs are the very ones: fetches, options and a promise of the library', async () => {
    const returned = session.run(features([1, 0]), ['probabilities'], {})
    expect(Object.getPrototypeOf(returned)).toBe(Promise.prototype)
    expect(Object.keys(await returned)).toEqual(['probabilities'])
    expect(attributes()).toHaveLength(1)
  })

  test('the method that is patched looks as before', () => {
    const { prototype } = ort.InferenceSession as unknown as { prototype: object }
    expect(Object.getOwnPropertyDescriptor(prototype, 'run')).toMatchObject({
      enumerable: false,
      configurable: true,
      writable: true,
      value: expect.objectContaining({ name: 'run', length: 3 }) as unknown,
    })
  })

  test('of a giant batch 1,000 rows get an event, all get an ID, and the others are counted', async () => {
    const before = loss()['rows-truncated'] ?? 0
    const outputs = await session.run(features(...Array.from({ length: 2500 }, () => [1, 0])))
    expect(trackingIdsOf(outputs)).toHaveLength(2500)
    expect(records).toHaveLength(1000)
    expect(loss()['rows-truncated']).toBe(before + 1500)
  })

  test('a declaration that throws or does not fit harms nothing but its own event', async () => {
    const losing = createPipeline({ processors: [] })
    const broken: readonly OnnxModel[] = [
      { ...CLASSIFIER, describe: fail },
      { ...CLASSIFIER, scores: 'absent' },
      { ...CLASSIFIER, task: defineTask({ name: 'two', kind: 'multiclass', classes: ['a', 'b'] }) },
    ]
    for (const model of broken) {
      instrumentation.setConfig({ pipeline: losing, onnxruntime: [{ ...CLASSIFIER, match: fail }, model] })
      const outputs = await session.run(features([1, 0]))
      expect(outputs['probabilities']?.dims).toEqual([1, 3])
    }
    expect(losing.loss()).toEqual({ 'describe-failed': 3 })
  })

  test('a function that does not say which model answers costs the event, and nothing else', async () => {
    const losing = createPipeline({ processors: [] })
    const broken = [
      fail,
      () => ({ name: 'my classifier', version: '1' }),
      async () => Promise.reject(new Error('late')),
    ]
    for (const model of broken as OnnxModel['model'][]) {
      instrumentation.setConfig({ pipeline: losing, onnxruntime: [{ ...CLASSIFIER, model }] })
      const outputs = await session.run(features([1, 0]))
      expect(trackingIdOf(outputs)).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/)
    }
    expect(losing.loss()).toEqual({ 'model-failed': 3 })
  })

  test('a clock, a tracer and a process that fail harm nothing', async () => {
    instrumentation.setConfig({ pipeline, onnxruntime: [CLASSIFIER], now: fail, monotonic: fail, warn: fail })
    instrumentation.setTracerProvider({ getTracer: () => ({ startSpan: fail, startActiveSpan: fail }) })
    const outputs = await session.run(features([1, 0]))
    expect(outputs['probabilities']?.dims).toEqual([1, 3])
    expect(loss()).toMatchObject({ 'prediction-invalid': 1 })
  })
})

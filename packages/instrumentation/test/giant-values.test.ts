import { defineTask } from '@groundtrace/core'
import { tracePrediction, type PredictionOptions } from '@groundtrace/instrumentation'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { onnxruntimeNode } from '../src/targets/onnxruntime-node.ts'
import { record } from './recording.ts'
import { FILTERED, SPAM } from './spam-filter.ts'
import { patch } from './targets/patched.ts'

/** 400 MB of float32: whoever copies it is seen. Nobody writes to it, so it costs no memory until somebody reads it. */
const ELEMENTS = 100_000_000
/** What may be taken outside of the heap, where tensors are, and in it, which grows by large steps. A list would take 800 MB. */
const SMALL = 4_000_000
const STEPS = 64_000_000

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Runs something, and says whether it took more memory than a prediction may. */
async function takesLittle(run: () => Promise<unknown>): Promise<boolean> {
  collectGarbage()
  const before = process.memoryUsage()
  await run()
  const after = process.memoryUsage()
  return after.arrayBuffers - before.arrayBuffers < SMALL && after.heapTotal - before.heapTotal < STEPS
}

type Described = PredictionOptions<[Float32Array], Float32Array>['describe']

test.each<[string, Described, object]>([
  ['is given and answered', () => ({ value: 'ham' }), {}],
  ['is described as a feature', (pixels) => ({ value: 'ham', features: { pixels: pixels as never } }), { features: 1 }],
  ['is described as the scores', (pixels) => ({ value: 'ham', scores: pixels as never }), { scores: 1 }],
  ['is described as slices', (pixels) => ({ value: 'ham', slices: pixels as never }), { slices: 1 }],
  ['is described as all features', (pixels) => ({ value: 'ham', features: pixels as never }), { features: 1 }],
])('a tensor that %s is not copied', async (_, describe, dropped) => {
  const { pipeline, predictions } = record(SPAM)
  const tensor = new Float32Array(ELEMENTS)
  const tracked = tracePrediction((pixels: Float32Array) => pixels, {
    ...FILTERED,
    pipeline,
    features: { pixels: 'keep' },
    describe,
  })
  expect(await takesLittle(async () => expect((await tracked(tensor)).value).toBe(tensor))).toBe(true)
  expect(predictions()).toHaveLength(1)
  expect(pipeline.droppedFields()).toEqual(dropped)
})

test('a tensor that is described as the answer is no answer, and not copied', async () => {
  const { pipeline } = record(SPAM)
  const tensor = new Float32Array(ELEMENTS)
  const tracked = tracePrediction(() => tensor, {
    ...FILTERED,
    pipeline,
    describe: (value) => ({ value: value as never }),
  })
  expect(await takesLittle(tracked)).toBe(true)
  expect(pipeline.loss()).toEqual({ 'prediction-invalid': 1 })
})

test('tensors in a stream are not copied', async () => {
  const { pipeline, predictions } = record(SPAM)
  const tensor = new Float32Array(ELEMENTS)
  const tracked = tracePrediction(
    async function* () {
      yield tensor
      yield tensor
    },
    { ...FILTERED, pipeline, describe: (_, { items }) => ({ value: items[1] === tensor ? 'spam' : 'ham' }) },
  )
  const reading = takesLittle(async () => {
    for await (const item of (await tracked()).value) expect(item).toBe(tensor)
  })
  expect(await reading).toBe(true)
  expect(predictions()).toMatchObject([{ value: 'spam' }])
})

test.each<[string, number[], object]>([
  ['beside the one that is declared', [1, 2], {}],
  ['that is declared as scores', [1, ELEMENTS], { 'describe-failed': 1 }],
])('an output of a library %s is not copied', async (name, dims, loss) => {
  const giant = { type: 'float32', dims: [1, ELEMENTS], data: new Float32Array(ELEMENTS) }
  const declared = name.startsWith('that') ? giant : { type: 'float32', dims, data: Float32Array.of(0.25, 0.75) }
  class InferenceSession {
    readonly outputNames = ['giant', 'scores']
    async run(_feeds: object): Promise<object> {
      return { giant, scores: declared }
    }
  }
  const { pipeline } = record(SPAM)
  const task = defineTask({ name: 'open', kind: 'multiclass' })
  const model = { match: () => true, task, model: { name: 'x', version: '1' }, scores: 'scores' }
  patch(onnxruntimeNode, { InferenceSession }, { pipeline, onnxruntime: [model] })
  expect(await takesLittle(() => new InferenceSession().run({ pixels: giant }))).toBe(true)
  expect(pipeline.loss()).toEqual(loss)
})

import { defineTask } from '@groundtrace/core'
import {
  createPipeline,
  PredictionInstrumentation,
  type PredictionInstrumentationConfig,
} from '@groundtrace/instrumentation'
import type { Instrumentation } from '@opentelemetry/instrumentation'
import { afterEach, describe, expect, test } from 'vitest'

const TASK = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const MODEL = { name: 'filter', version: '1' }
const ONNX = { match: 'filter.onnx', task: TASK, model: MODEL, scores: 'probabilities' }

/** Of the package's own type: it is an instrumentation like any other, though ours does not name that type. */
const made: Instrumentation[] = []
function make(config?: PredictionInstrumentationConfig): PredictionInstrumentation {
  const instrumentation = new PredictionInstrumentation(config)
  made.push(instrumentation)
  return instrumentation
}
afterEach(() => {
  for (const instrumentation of made.splice(0)) instrumentation.disable()
})

test('names itself by its package, and starts enabled unless it is told not to', () => {
  expect(make().instrumentationName).toBe('@groundtrace/instrumentation')
  expect(make().getConfig()).toEqual({ enabled: true })
  expect(make({ enabled: false }).getConfig()).toEqual({ enabled: false })
  expect(make().reports()).toEqual([])
})

test('takes a whole configuration', () => {
  const config = {
    pipeline: createPipeline({ processors: [] }),
    onnxruntime: [
      { ...ONNX, features: { a: 'keep' } },
      { ...ONNX, match: () => true, scores: undefined, describe: () => ({ value: 'ham' }) },
    ],
    openai: [{ task: TASK }, { match: 'gpt-4o', task: TASK, model: MODEL, describe: () => ({}) }],
    now: Date.now,
    monotonic: () => 1,
    warn: () => {},
  } as PredictionInstrumentationConfig
  expect(make(config).getConfig()).toEqual({ enabled: true, ...config })
})

describe('refuses, with what to do about it, also when it is set later', () => {
  test.each<[string, object, string]>([
    ['no object', 'none' as unknown as object, 'no configuration'],
    ['no pipeline', { pipeline: {} }, 'Pass what createPipeline returned'],
    ['no clock', { now: 1 }, 'Pass a function'],
    ['no list', { onnxruntime: {} }, 'Pass a list'],
    ['no model', { onnxruntime: [null] }, 'onnxruntime[0]: task is no task'],
    ['no task', { openai: [{ task: {} }] }, 'openai[0]: task is no task'],
    ['a describe that is no function', { openai: [{ task: TASK, describe: 1 }] }, 'describe is no function'],
    ['no match', { onnxruntime: [{ ...ONNX, match: undefined }] }, 'match is no path'],
    ['a match of openai that is none', { openai: [{ task: TASK, match: 1 }] }, 'match is no name'],
    ['an unbounded name', { onnxruntime: [{ ...ONNX, model: { name: 'my filter', version: '1' } }] }, 'bounded'],
    ['an unbounded version', { openai: [{ task: TASK, model: { name: 'x', version: '' } }] }, 'bounded'],
    ['an output that is no name', { onnxruntime: [{ ...ONNX, scores: 1 }] }, 'no name of an output'],
    ['a model that says nothing', { onnxruntime: [{ ...ONNX, scores: undefined }] }, 'nothing says'],
    ['a policy that is none', { openai: [{ task: TASK, features: { a: 'mask' } }] }, 'openai[0].features."a"'],
    [
      'a hash without a secret',
      { pipeline: createPipeline({ processors: [] }), onnxruntime: [{ ...ONNX, features: { a: 'hash' } }] },
      'Pass secret to createPipeline',
    ],
    ['no threshold', { onnxruntime: [{ ...ONNX, threshold: '1' }] }, 'threshold is no number'],
  ])('%s', (_, config, message) => {
    const bad = config as PredictionInstrumentationConfig
    expect(() => make(bad)).toThrow(message)
    expect(() => make().setConfig(bad)).toThrow(message)
    expect(() => make(bad)).toThrow(expect.objectContaining({ name: 'GroundtraceError', code: 'invalid-argument' }))
  })
})

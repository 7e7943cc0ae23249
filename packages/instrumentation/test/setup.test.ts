import { GroundtraceError } from '@groundtrace/core'
import {
  createFeedbackTracer,
  createPipeline,
  tracePrediction,
  type FeedbackTracerOptions,
  type PipelineOptions,
} from '@groundtrace/instrumentation'
import { describe, expect, test } from 'vitest'
import { record } from './recording.ts'
import { FILTERED, SPAM } from './spam-filter.ts'

const predict = (): string => 'ham'

describe('what cannot work is refused when a function is wrapped, with cause and next step', () => {
  test.each([
    ['no function', 'x', FILTERED],
    ['no options', predict, undefined],
    ['options that are no object', predict, 7],
    ['no task', predict, { ...FILTERED, task: undefined }],
    ['half a task', predict, { ...FILTERED, task: { name: 'spam', kind: 'binary' } }],
    ['no model', predict, { ...FILTERED, model: undefined }],
    ['a model without a version', predict, { ...FILTERED, model: { name: 'filter' } }],
    ['a model whose name is no bounded word', predict, { ...FILTERED, model: { name: 'my filter', version: '1' } }],
    ['no describe', predict, { task: SPAM, model: FILTERED.model }],
    ['rows that are no function', predict, { ...FILTERED, rows: 3 }],
    ['a pipeline that is none', predict, { ...FILTERED, pipeline: {} }],
    ['a tracer that is none', predict, { ...FILTERED, tracer: {} }],
    ['a clock that is no function', predict, { ...FILTERED, now: 5 }],
    ['a stop watch that is no function', predict, { ...FILTERED, monotonic: 5 }],
    ['a random source that is no function', predict, { ...FILTERED, random: 5 }],
    ['a warning that is no function', predict, { ...FILTERED, warn: 5 }],
  ])('%s', (_, wrapped, options) => {
    const wrap = () => tracePrediction(wrapped as typeof predict, options as typeof FILTERED)
    expect(wrap).toThrow(GroundtraceError)
    expect(wrap).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringMatching(/^tracePrediction: .+\. Pass /),
      }),
    )
  })
})

test('an option that there is not, as a slip of the pen makes it, is named beside those that there are', () => {
  const { pipeline } = record(SPAM)
  const misspelt = { ...FILTERED, pipline: pipeline } as typeof FILTERED
  expect(() => tracePrediction(predict, misspelt)).toThrow(
    'tracePrediction: there is no option "pipline". Pass some of task, model, describe, rows, features, pipeline, baggage, tracer, now, monotonic, random, warn.',
  )
  expect(() => createPipeline({ processors: [], secrets: 'x' } as PipelineOptions)).toThrow(
    'createPipeline: there is no option "secrets". Pass some of processors, resource, forward, secret, now.',
  )
  expect(() => createFeedbackTracer({ pipeline, tasks: [] } as FeedbackTracerOptions)).toThrow(
    'createFeedbackTracer: there is no option "tasks". Pass some of pipeline, task, tracer, now, random, warn.',
  )
})

test('a wrapped function keeps its name and its number of parameters', () => {
  const tracked = tracePrediction(function classify(_text: string, _language: string) {
    return 'ham'
  }, FILTERED)
  expect([tracked.name, tracked.length]).toEqual(['classify', 2])
})

test('a model that is no function stays what it was when the function was wrapped', async () => {
  const { pipeline, predictions } = record(SPAM)
  const model = { name: 'filter', version: 'v1' }
  const tracked = tracePrediction(predict, { ...FILTERED, pipeline, model })
  model.version = 'v2'
  await tracked()
  expect(predictions().map((prediction) => prediction.model.version)).toEqual(['v1'])
})

import { defineTask } from '@groundtrace/core'
import { createFeedbackTracer, createPipeline, tracePrediction } from '@groundtrace/instrumentation'
import * as api from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { createRequire } from 'node:module'
import { afterEach, describe, expect, test } from 'vitest'
import { hostTracer } from '../src/host-tracer.ts'

const require = createRequire(import.meta.url)

/** Node loads the package once for each way in, each with a memory of its own. */
const COPIES = { 'as an ES module': api, 'as CommonJS': require('@opentelemetry/api') as typeof api }

afterEach(() => {
  for (const { trace, context } of Object.values(COPIES)) {
    trace.disable()
    context.disable()
  }
})

/** Registers a provider that keeps its spans. @returns the names of those that ended */
function register({ trace }: typeof api): () => readonly string[] {
  const exporter = new InMemorySpanExporter()
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }))
  return () => exporter.getFinishedSpans().map(({ name }) => name)
}

test('there are two copies', () => {
  expect(COPIES['as CommonJS'].trace).not.toBe(COPIES['as an ES module'].trace)
})

describe.each(Object.entries(COPIES))('a provider that is registered by a copy that was loaded %s', (_, copy) => {
  test('is the one of what was asked for before', () => {
    const tracer = hostTracer()
    tracer().startSpan('nowhere').end()
    const names = register(copy)
    tracer().startSpan('seen').end()
    expect(names()).toEqual(['seen'])
  })

  test('is the one of a function that was wrapped before', async () => {
    const predict = tracePrediction(() => 'ham', {
      task: defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] }),
      model: { name: 'filter', version: '1' },
      describe: (value) => ({ value }),
    })
    await predict()
    const names = register(copy)
    await predict()
    expect(names()).toEqual(['predict filter'])
  })

  test('is the one of feedback whose tracer was made before', () => {
    const receive = createFeedbackTracer({ pipeline: createPipeline({ processors: [] }) })
    const said = {
      kind: 'rating',
      right: false,
      source: 'recipient',
      target: { entity: 'mail-1', task: 'spam' },
    } as const
    receive(said)
    const names = register(copy)
    receive(said)
    expect(names()).toEqual(['feedback'])
  })

  test('replaces the one before it', () => {
    const tracer = hostTracer()
    const first = register(copy)
    tracer().startSpan('first').end()
    copy.trace.disable()
    const second = register(copy)
    tracer().startSpan('second').end()
    expect([first(), second()]).toEqual([['first'], ['second']])
  })
})

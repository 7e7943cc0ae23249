import { defineTask, isTrackingId } from '@groundtrace/core'
import { createPipeline, tracePrediction } from '@groundtrace/instrumentation'
import { openSqliteRegister, registerProcessor } from '@groundtrace/register'
import { context, trace, TraceFlags } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { suppressTracing } from '@opentelemetry/core'
import { AlwaysOffSampler, AlwaysOnSampler, TracerProvider, type Sampler } from '@opentelemetry/sdk-trace'
import { afterEach, expect, test } from 'vitest'

const TIMES = 50
const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const remote = {
  traceId: 'abcdef0123456789abcdef0123456789',
  spanId: 'fedcba9876543210',
  traceFlags: TraceFlags.NONE,
  isRemote: true,
}

function startTracing(sampler: Sampler): TracerProvider {
  const provider = new TracerProvider({ sampler })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(provider)
  return provider
}

afterEach(() => {
  trace.disable()
  context.disable()
})

type Predict = () => Promise<readonly string[]>

/** Hosts that record nothing of a prediction, or no more. */
const HOSTS: Readonly<Record<string, (predict: Predict) => Promise<readonly string[]>>> = {
  'without an SDK': (predict) => predict(),
  'at 0 % sampling'(predict) {
    startTracing(new AlwaysOffSampler())
    return predict()
  },
  'inside a span that nobody records'(predict) {
    startTracing(new AlwaysOffSampler())
    return context.with(trace.setSpanContext(context.active(), remote), predict)
  },
  'inside a span that nobody records, without an SDK'(predict) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    return context.with(trace.setSpanContext(context.active(), remote), predict)
  },
  'where tracing is suppressed'(predict) {
    startTracing(new AlwaysOnSampler())
    return context.with(suppressTracing(context.active()), predict)
  },
  async 'when the SDK was shut down'(predict) {
    await startTracing(new AlwaysOnSampler()).shutdown()
    return predict()
  },
}

test.each(Object.entries(HOSTS))('%s every prediction is registered, under an ID of its own', async (_, run) => {
  const register = openSqliteRegister({ path: ':memory:', tasks: [task] })
  const pipeline = createPipeline({ processors: [registerProcessor(register, { tasks: [task] })] })
  const options = { task, model: { name: 'filter', version: '1' }, pipeline }
  const classify = tracePrediction(() => 'ham', { ...options, describe: (value) => ({ value }) })
  const whole = tracePrediction(() => Promise.all([classify(), classify()]), {
    ...options,
    describe: () => ({ value: 'ham' }),
  })
  const batch = tracePrediction(() => ['ham', 'spam'], {
    ...options,
    rows: () => 2,
    describe: (values, { row }) => ({ value: values[row] ?? 'ham' }),
  })

  const ids = await run(async () => {
    const made: string[] = []
    for (let time = 0; time < TIMES; time += 1) {
      const { value: members, trackingId } = await whole()
      made.push(trackingId, ...members.map((member) => member.trackingId), ...(await batch()).trackingIds)
    }
    return made
  })
  await pipeline.forceFlush()
  expect(ids).toHaveLength(TIMES * 5)
  expect(ids.every(isTrackingId)).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  const registered = await Promise.all(ids.filter(isTrackingId).map((id) => register.prediction(id)))
  expect(registered.map((prediction) => prediction?.id)).toEqual(ids)
  expect(pipeline.loss()).toEqual({})
  await pipeline.shutdown()
  await register.close()
})

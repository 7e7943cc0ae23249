import {
  deploymentFromEvent,
  flagEvaluationEvent,
  GroundtraceError,
  predictionEvent,
  type LogEvent,
  type Register,
} from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister, registerProcessor } from '../src/index.ts'
import { id, prediction, START, TASKS } from '../src/testing/fixtures.ts'
import { faultyRegister, ManualTimers, predicted, said, seen, settled } from './events.ts'

const register = (): Register => openSqliteRegister({ thread: 'caller', path: ':memory:', tasks: TASKS })
const unavailable = new GroundtraceError('register-unavailable', 'The disk is full', 'Free some')

describe('emitting', () => {
  it('only takes the event; it is stored when its time has come', async () => {
    const faulty = faultyRegister()
    const timers = new ManualTimers()
    const processor = registerProcessor(faulty.register, { tasks: TASKS, timers, flushIntervalMs: 250 })
    processor.onEmit(predicted(1))
    processor.onEmit(said(101, 1))
    await settled()
    expect(faulty.calls).toEqual([])
    expect(timers.running.map(({ milliseconds }) => milliseconds)).toEqual([250])
    await timers.next()
    expect(faulty.calls).toEqual(['appendPredictions', 'appendFeedback'])
    expect(await faulty.register.prediction(id(1))).toEqual(prediction(1))
    expect(await faulty.register.outcomesOf(id(1))).toMatchObject([{ state: 'settled' }])
    expect(timers.running).toEqual([])
  })

  it('flushes a full batch at once, batch by batch, and lets the service have its turn between them', async () => {
    const faulty = faultyRegister()
    const timers = new ManualTimers()
    const processor = registerProcessor(faulty.register, { tasks: TASKS, timers, maxBatch: 3 })
    for (let number = 1; number <= 7; number += 1) processor.onEmit(predicted(number))
    const waits = []
    for (const stored of [3, 6, 7]) {
      waits.push(await timers.next())
      expect((await faulty.register.totals()).predictions).toBe(stored)
    }
    expect(waits).toEqual([0, 0, 0])
    processor.onEmit(predicted(8))
    expect(timers.running).toHaveLength(1)
  })

  it('stores one batch at a time, whatever is emitted meanwhile', async () => {
    const store = register()
    const gate = Promise.withResolvers<void>()
    const sizes: number[] = []
    const slow = new Proxy(store, {
      get: (target, name, receiver) =>
        name === 'appendPredictions'
          ? async (lines: Parameters<Register['appendPredictions']>[0]) => {
              sizes.push(lines.length)
              await gate.promise
              return await target.appendPredictions(lines)
            }
          : (Reflect.get(target, name, receiver) as unknown),
    })
    const timers = new ManualTimers()
    const processor = registerProcessor(slow, { tasks: TASKS, timers, maxBatch: 2 })
    processor.onEmit(predicted(1))
    await timers.next()
    for (const number of [2, 3, 4]) processor.onEmit(predicted(number))
    expect(timers.running).toEqual([])
    gate.resolve()
    await settled()
    await timers.next()
    await timers.next()
    expect(sizes).toEqual([1, 2, 1])
    expect(await store.totals()).toMatchObject({ predictions: 4, loss: {} })
  })

  it('passes by what is not for a register, and whatever is no event', async () => {
    const faulty = faultyRegister()
    const timers = new ManualTimers()
    const processor = registerProcessor(faulty.register, { timers })
    for (const event of [undefined, null, 7, {}, { eventName: 'http.request' }, { ...predicted(1), eventName: 'x' }]) {
      processor.onEmit(event as LogEvent)
    }
    await processor.forceFlush()
    expect(timers.running).toEqual([])
    expect(faulty.calls).toEqual([])
    expect(processor.loss()).toEqual({})
  })

  it('writes a deployment into the lineage once, whoever sees it how often', async () => {
    const store = register()
    const replicas = [registerProcessor(store), registerProcessor(store)]
    for (const [minutes, replica] of replicas.entries()) {
      for (const event of [seen('v1', minutes), seen('v2', minutes), seen('v2', minutes)]) replica.onEmit(event)
    }
    await Promise.all(replicas.map((replica) => replica.forceFlush()))
    const { lines } = await store.read('lineage', { after: 0 })
    expect(lines.map((line) => [line.kind, 'version' in line && line.version])).toEqual([
      ['version-seen', 'v1'],
      ['version-seen', 'v2'],
    ])
    expect(replicas.map((replica) => replica.loss())).toEqual([{}, {}])
  })

  it('sees no deployment where the flywheel declared it', async () => {
    const store = register()
    const declared = { kind: 'version-deployed', model: 'filter', version: 'v2', reason: 'better' } as const
    await store.appendLineage([{ ...declared, id: 'declared', time: START }])
    const processor = registerProcessor(store)
    processor.onEmit(seen('v2'))
    await processor.forceFlush()
    expect((await store.read('lineage', { after: 0 })).lines).toHaveLength(1)
    expect(processor.loss()).toEqual({})
  })

  it('passes the evaluation of a flag by: the prediction says the same', async () => {
    const store = register()
    const processor = registerProcessor(store)
    const event = predictionEvent(prediction(1, { policy: { variant: 'b' } }))
    processor.onEmit(event)
    processor.onEmit(flagEvaluationEvent(event) as LogEvent)
    await processor.forceFlush()
    expect((await store.prediction(id(1)))?.policy).toEqual({ variant: 'b' })
    expect(await store.totals()).toMatchObject({ predictions: 1, loss: {} })
  })

  it('tries a deployment again, and counts it when the register refuses it for good', async () => {
    const faulty = faultyRegister()
    const timers = new ManualTimers()
    const processor = registerProcessor(faulty.register, { timers, maxAttempts: 2 })
    processor.onEmit(seen('v1'))
    faulty.down = unavailable
    await timers.next()
    faulty.down = undefined
    await timers.next()
    expect((await faulty.register.read('lineage', { after: 0 })).lines).toHaveLength(1)
    const clash = deploymentFromEvent(seen('v2')).id
    await faulty.register.appendLineage([
      { kind: 'retraining-asked', id: clash, time: START, model: 'filter', trigger: 'x', reason: 'x' },
    ])
    processor.onEmit(seen('v2'))
    await processor.forceFlush()
    expect(processor.loss()).toEqual({ 'deployment-conflict': 1 })
  })

  it('takes undeclared tasks as events describe them', async () => {
    const store = openSqliteRegister({ thread: 'caller', path: ':memory:' })
    const processor = registerProcessor(store)
    processor.onEmit(predicted(1))
    await processor.forceFlush()
    expect((await store.prediction(id(1)))?.task).toMatchObject({
      name: 'spam',
      kind: 'binary',
      classes: ['ham', 'spam'],
    })
  })
})

describe('flushing', () => {
  it('resolves when everything emitted so far is stored, at once when nothing was', async () => {
    const store = register()
    const processor = registerProcessor(store, { tasks: TASKS, maxBatch: 2 })
    await processor.forceFlush()
    for (let number = 1; number <= 7; number += 1) processor.onEmit(predicted(number))
    const flushed = Promise.all([processor.forceFlush(), processor.forceFlush()])
    processor.onEmit(predicted(8))
    await flushed
    expect((await store.totals()).predictions).toBeGreaterThanOrEqual(7)
  })

  it('keeps the process alive only while somebody waits for it', async () => {
    const faulty = faultyRegister()
    const timers = new ManualTimers()
    const processor = registerProcessor(faulty.register, { tasks: TASKS, timers })
    processor.onEmit(predicted(1))
    expect(timers.running.map(({ alive }) => alive)).toEqual([false])
    faulty.down = unavailable
    await timers.next()
    expect(timers.running.map(({ alive }) => alive)).toEqual([false])
    const flushed = processor.forceFlush()
    expect(timers.running.map(({ alive }) => alive)).toEqual([true])
    await timers.next()
    expect(timers.running.map(({ alive }) => alive)).toEqual([true])
    faulty.down = undefined
    await timers.next()
    await flushed
  })

  it('shuts down once, with everything stored; what comes later is lost and counted', async () => {
    const store = register()
    const processor = registerProcessor(store, { tasks: TASKS })
    processor.onEmit(predicted(1))
    const first = processor.shutdown()
    processor.onEmit(predicted(2))
    await Promise.all([first, processor.shutdown()])
    expect((await store.totals()).predictions).toBe(1)
    expect(processor.loss()).toEqual({ 'processor-closed': 1 })
    await processor.forceFlush()
    expect((await store.totals()).loss).toEqual({ 'processor-closed': 1 })
  })
})

describe('options', () => {
  it.each([
    { maxQueue: 0 },
    { maxBatch: 1.5 },
    { maxQueue: 10, maxBatch: 11 },
    { flushIntervalMs: Number.NaN },
    { flushIntervalMs: -1 },
    { maxAttempts: 0 },
    { retryDelayMs: Number.POSITIVE_INFINITY },
    { shutdownTimeoutMs: Number.NaN },
    { maxQueueBytes: 0 },
    { tasks: TASKS[0] as never },
  ])('that make no sense are refused: %j', (options) => {
    expect(() => registerProcessor(register(), options)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })

  it('that name a task twice are refused', () => {
    expect(() => registerProcessor(register(), { tasks: [...TASKS, ...TASKS] })).toThrow(
      expect.objectContaining({ code: 'invalid-task' }),
    )
  })

  it('without a register are refused', () => {
    expect(() => registerProcessor(undefined as never)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })
})

import { GroundtraceError, type Register } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister, registerProcessor, type LossDiagnostic } from '../src/index.ts'
import { TASKS } from '../src/testing/fixtures.ts'
import { faultyRegister, ManualTimers, predicted, said, settled } from './events.ts'

const register = (): Register => openSqliteRegister({ thread: 'caller', path: ':memory:', tasks: TASKS })
const unavailable = new GroundtraceError('register-unavailable', 'The disk is full', 'Free some')
const closed = new GroundtraceError('register-closed', 'It is closed', 'Open it')

describe('a register that fails', () => {
  it('is tried again with growing pauses, and nothing is lost when it comes back', async () => {
    const faulty = faultyRegister()
    const timers = new ManualTimers()
    const processor = registerProcessor(faulty.register, { tasks: TASKS, timers, retryDelayMs: 10 })
    faulty.down = unavailable
    processor.onEmit(predicted(1))
    processor.onEmit(said(101, 1))
    expect(await timers.next()).toBe(200)
    expect([await timers.next(), await timers.next()]).toEqual([10, 20])
    processor.onEmit(predicted(2))
    faulty.down = undefined
    expect(await timers.next()).toBe(40)
    await timers.next()
    expect(await faulty.register.totals()).toMatchObject({ predictions: 2, feedback: { stored: 1 }, loss: {} })
    expect(processor.loss()).toEqual({})
  })

  it('costs what it did not take after the last attempt, and the loss is written down when it is back', async () => {
    const faulty = faultyRegister()
    const timers = new ManualTimers()
    const processor = registerProcessor(faulty.register, { tasks: TASKS, timers, maxAttempts: 3 })
    faulty.down = new TypeError('something else')
    for (const event of [predicted(1), predicted(2), said(101, 1)]) processor.onEmit(event)
    for (let turn = 0; turn < 5; turn += 1) await timers.next()
    expect(timers.running).toEqual([])
    expect(processor.loss()).toEqual({ 'register-unavailable': 3 })
    faulty.down = undefined
    processor.onEmit(predicted(3))
    await timers.next()
    expect(await faulty.register.totals()).toMatchObject({ predictions: 1, loss: { 'register-unavailable': 3 } })
    await processor.forceFlush()
    expect((await faulty.register.totals()).loss).toEqual({ 'register-unavailable': 3 })
  })

  it('is not tried again when it is closed', async () => {
    const faulty = faultyRegister()
    const processor = registerProcessor(faulty.register, { tasks: TASKS })
    faulty.down = closed
    processor.onEmit(predicted(1))
    await processor.forceFlush()
    expect(faulty.calls.filter((call) => call === 'appendPredictions')).toHaveLength(1)
    expect(processor.loss()).toEqual({ 'register-closed': 1 })
  })

  it('that answers nonsense costs its lines and no more', async () => {
    const odd = new Proxy(register(), {
      get: (target, name) => (name === 'appendPredictions' ? async () => undefined : Reflect.get(target, name)),
    })
    const processor = registerProcessor(odd, { tasks: TASKS, maxAttempts: 1 })
    processor.onEmit(predicted(1))
    await processor.forceFlush()
    expect(processor.loss()).toEqual({ 'register-unavailable': 1 })
  })

  it('never lets the queue grow beyond its bound', async () => {
    const faulty = faultyRegister()
    const timers = new ManualTimers()
    const processor = registerProcessor(faulty.register, { tasks: TASKS, timers, maxQueue: 4, maxBatch: 2 })
    faulty.down = unavailable
    for (let number = 1; number <= 3; number += 1) processor.onEmit(predicted(number))
    await timers.next()
    for (let number = 4; number <= 9; number += 1) processor.onEmit(predicted(number))
    expect(processor.loss()).toEqual({ 'queue-full': 5 })
    faulty.down = undefined
    const flushed = processor.forceFlush()
    for (let turn = 0; turn < 4; turn += 1) await timers.next()
    await flushed
    expect((await faulty.register.totals()).predictions).toBe(4)
  })

  it('never rejects, even when nothing works', async () => {
    const faulty = faultyRegister()
    const processor = registerProcessor(faulty.register, {
      maxAttempts: 1,
      onDiagnostic: () => {
        throw new Error('nobody listens')
      },
    })
    faulty.down = unavailable
    processor.onEmit(predicted(1))
    await expect(processor.forceFlush()).resolves.toBeUndefined()
    processor.onEmit(predicted(2))
    await expect(processor.shutdown()).resolves.toBeUndefined()
    expect(processor.loss()).toEqual({ 'register-unavailable': 2 })
  })
})

const hanging = (): Register =>
  new Proxy(register(), {
    get: (target, name) =>
      name === 'appendPredictions' || name === 'recordLoss'
        ? () => new Promise(() => undefined)
        : (Reflect.get(target, name) as unknown),
  })

describe('shutting down over a register that fails', () => {
  it('ends at its deadline though the register hangs, and counts what is left', async () => {
    const timers = new ManualTimers()
    const heard: LossDiagnostic[] = []
    const processor = registerProcessor(hanging(), {
      tasks: TASKS,
      timers,
      maxBatch: 2,
      shutdownTimeoutMs: 3000,
      onDiagnostic: (diagnostic) => heard.push(diagnostic),
    })
    for (let number = 1; number <= 5; number += 1) processor.onEmit(predicted(number))
    const closed = processor.shutdown()
    await settled()
    expect(timers.running.map(({ milliseconds, alive }) => ({ milliseconds, alive }))).toEqual([
      { milliseconds: 3000, alive: true },
    ])
    await timers.next()
    await Promise.all([closed, processor.shutdown()])
    expect(processor.loss()).toEqual({ 'shutdown-timeout': 5 })
    expect(heard).toEqual([{ reason: 'shutdown-timeout', lines: 5 }])
    expect(timers.running).toEqual([])
  })

  it('stops trying at its deadline, and counts nothing twice', async () => {
    const faulty = faultyRegister()
    const timers = new ManualTimers()
    const processor = registerProcessor(faulty.register, { tasks: TASKS, timers, maxBatch: 2, retryDelayMs: 7000 })
    faulty.down = unavailable
    for (let number = 1; number <= 5; number += 1) processor.onEmit(predicted(number))
    const closed = processor.shutdown()
    await settled()
    expect(timers.running.map(({ milliseconds }) => milliseconds)).toEqual([10_000, 7000])
    timers.running.find(({ milliseconds }) => milliseconds === 10_000)?.run()
    await closed
    expect(processor.loss()).toEqual({ 'shutdown-timeout': 5 })
    expect(faulty.calls.filter((call) => call === 'appendPredictions')).toHaveLength(1)
    faulty.down = undefined
    await processor.forceFlush()
    expect(await faulty.register.totals()).toMatchObject({ predictions: 0, loss: { 'shutdown-timeout': 5 } })
  })

  it('leaves no clock running when all is stored in time', async () => {
    const timers = new ManualTimers()
    const processor = registerProcessor(register(), { tasks: TASKS, timers })
    processor.onEmit(predicted(1))
    await processor.shutdown()
    expect(timers.running).toEqual([])
    expect(processor.loss()).toEqual({})
  })
})

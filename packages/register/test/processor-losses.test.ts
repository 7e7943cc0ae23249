import { inspect } from 'node:util'
import type { LogEvent, Register } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { openSqliteRegister, registerProcessor, type LossDiagnostic } from '../src/index.ts'
import { prediction, TASKS } from '../src/testing/fixtures.ts'
import { predicted, said, seen } from './events.ts'

const register = (): Register => openSqliteRegister({ thread: 'caller', path: ':memory:', tasks: TASKS })

const misnamed: LogEvent = {
  ...predicted(1),
  attributes: { ...predicted(1).attributes, 'groundtrace.tracking_id': 'x' },
}

const PREVIOUS = 'groundtrace.model.previous_version'

const malformed: readonly (readonly [reason: string, event: LogEvent])[] = [
  ['invalid-prediction', misnamed],
  [
    'invalid-event',
    { ...predicted(1), attributes: { ...predicted(1).attributes, 'groundtrace.prediction.scores': 7 } },
  ],
  ['invalid-event', { ...predicted(1), attributes: null as never }],
  ['invalid-event', { ...predicted(1), hrTime: 'now' as never }],
  ['invalid-task', { ...predicted(1), attributes: { 'groundtrace.task.name': 'a b' } }],
  ['invalid-feedback', { ...said(101, 1), attributes: {} }],
  ['invalid-event', { ...seen('v1'), attributes: {} }],
  ['invalid-lineage', { ...seen('v1'), attributes: { ...seen('v1').attributes, [PREVIOUS]: 'v1' } }],
]

describe('emitting', () => {
  it.each(malformed)('counts a malformed event as %s and stores those beside it', async (reason, event) => {
    const store = register()
    const processor = registerProcessor(store, { tasks: TASKS })
    for (const each of [predicted(1), event, said(101, 1), predicted(2)]) processor.onEmit(each)
    await processor.forceFlush()
    expect(processor.loss()).toEqual({ [reason]: 1 })
    expect(await store.totals()).toMatchObject({ predictions: 2, feedback: { stored: 1 }, loss: { [reason]: 1 } })
  })

  it('counts what a full queue can not take, and takes up again when it is empty', async () => {
    const store = register()
    const processor = registerProcessor(store, { tasks: TASKS, maxQueue: 5, maxBatch: 2 })
    for (let number = 1; number <= 8; number += 1) processor.onEmit(predicted(number))
    expect(processor.loss()).toEqual({ 'queue-full': 3 })
    await processor.forceFlush()
    processor.onEmit(predicted(9))
    await processor.forceFlush()
    expect(await store.totals()).toMatchObject({ predictions: 6, loss: { 'queue-full': 3 } })
  })

  it('counts predictions that the register refuses; of feedback it only tells, for that the register counts', async () => {
    const store = register()
    await store.appendPredictions([prediction(1, { value: 'ham' })])
    const heard: LossDiagnostic[] = []
    const processor = registerProcessor(store, { onDiagnostic: (diagnostic) => heard.push(diagnostic) })
    const other = predicted(2)
    processor.onEmit(predicted(1))
    processor.onEmit({
      ...other,
      attributes: { ...other.attributes, 'groundtrace.task.classes': ['spam', 'eggs'] },
    })
    processor.onEmit(predicted(3))
    processor.onEmit(said(101, 3))
    processor.onEmit({
      ...said(101, 3),
      attributes: { ...said(101, 3).attributes, 'groundtrace.feedback.right': false },
    })
    await processor.forceFlush()
    expect(processor.loss()).toEqual({ 'prediction-conflict': 1, 'prediction-rejected': 1 })
    expect((await store.totals()).feedback).toMatchObject({ stored: 1, conflict: 1 })
    expect((await store.totals()).loss).toEqual(processor.loss())
    const told = { reason: 'feedback-conflict', lines: 1, error: expect.stringContaining('send the same time') }
    expect(heard.filter(({ reason }) => reason.startsWith('feedback'))).toEqual([told])
    await processor.forceFlush()
    expect(heard).toHaveLength(3)
  })
})

describe('diagnostics', () => {
  it('tell each reason once a flush, with the number of lines and the last error', async () => {
    const heard: LossDiagnostic[] = []
    const processor = registerProcessor(register(), {
      tasks: TASKS,
      maxQueue: 4,
      onDiagnostic: (diagnostic) => heard.push(diagnostic),
    })
    for (const event of [misnamed, misnamed, predicted(1), predicted(2), predicted(3)]) {
      processor.onEmit(event)
    }
    await processor.forceFlush()
    expect(heard).toEqual([
      { reason: 'queue-full', lines: 1 },
      { reason: 'invalid-prediction', lines: 2, error: expect.objectContaining({ code: 'invalid-prediction' }) },
    ])
    await processor.forceFlush()
    expect(heard).toHaveLength(2)
  })
})

describe('what is told of lines that are refused', () => {
  it('is without what was sent, whatever stands in which field, and so is the loss ledger', async () => {
    const heard: LossDiagnostic[] = []
    const store = register()
    const processor = registerProcessor(store, { onDiagnostic: (diagnostic) => heard.push(diagnostic) })
    await store.appendPredictions([prediction(1), prediction(2, { model: { name: 'other', version: '1' } })])
    const names = [...new Set([...Object.keys(predicted(1).attributes), ...Object.keys(said(101, 1).attributes)])]
    const saids = ['bob@example.com', 'Dear Bob\n', 5_551_234_567, ['spam', 'Dear Bob'], { bob: ['bob'] }]
    for (const name of [...names, 'groundtrace.task.classes', 'groundtrace.entity']) {
      for (const [index, value] of saids.entries()) {
        processor.onEmit({ ...predicted(3), attributes: { ...predicted(3).attributes, [name]: value } })
        const { attributes } = said(200 + index, 1)
        processor.onEmit({ ...said(101, 1), attributes: { ...attributes, [name]: value } })
        await processor.forceFlush()
      }
    }
    expect(heard.map(({ reason }) => reason)).toContain('prediction-rejected')
    expect(inspect(heard, { depth: 9, showHidden: true })).not.toMatch(/bob|5551234/i)
    expect(JSON.stringify((await store.totals()).loss)).not.toMatch(/bob/i)
  })
})

const fail = (): never => {
  throw new Error('hostile')
}

describe('losses from before the processor', () => {
  it('reach the loss ledger of the register', async () => {
    const store = register()
    const processor = registerProcessor(store, { tasks: TASKS })
    processor.onLoss?.('prediction-invalid', 150)
    processor.onLoss?.('not a word', 1)
    processor.onLoss?.('prediction-invalid', Number.NaN)
    await processor.forceFlush()
    expect((await store.totals()).loss).toEqual({ 'prediction-invalid': 150, unnamed: 1 })
  })

  it('never end the process or the flush, whatever an event does when it is read', async () => {
    const rubbish = new Proxy({}, { has: fail, get: fail, getPrototypeOf: fail })
    const hostile = {
      ...predicted(2),
      get attributes(): never {
        throw rubbish
      },
    }
    const store = register()
    const processor = registerProcessor(store, { tasks: TASKS, onDiagnostic: async () => fail() })
    processor.onEmit({
      ...predicted(3),
      get eventName(): never {
        throw rubbish
      },
    })
    processor.onEmit(hostile)
    processor.onEmit(predicted(1))
    await processor.forceFlush()
    expect(await store.totals()).toMatchObject({ predictions: 1, loss: { 'invalid-event': 2 } })
  })

  it('a loss beyond what a number holds stays a number', async () => {
    const store = register()
    await store.recordLoss({ x: Number.MAX_SAFE_INTEGER })
    await store.recordLoss({ x: Number.MAX_SAFE_INTEGER })
    expect((await store.totals()).loss).toEqual({ x: Number.MAX_SAFE_INTEGER })
  })
})

import { defineTask, GroundtraceError } from '@groundtrace/core'
import { createFeedbackTracer, type FeedbackReceipt, type ReceivedFeedback } from '@groundtrace/instrumentation'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { record } from './recording.ts'
import { startSdk, stop } from './sdk-host.ts'
import { SPAM } from './spam-filter.ts'
import { now, NOW, PREDICTION, THUMB } from './thumb.ts'

const PRICE = defineTask({ name: 'price', kind: 'regression' })

const causeOf = (receipt: FeedbackReceipt): string => {
  if (receipt.status === 'emitted') throw new Error('it was emitted')
  return receipt.error.message
}

const fail = (): never => {
  throw new Error('as a host may')
}

beforeEach(() => void startSdk())
afterEach(stop)

describe('a bad feedback is told in its receipt, with cause and next step', () => {
  const hostile = new Proxy({}, { get: fail, ownKeys: fail })
  test.each<[string, unknown, RegExp]>([
    [
      'no ID of a prediction',
      { ...THUMB, target: { prediction: 'mail-7' } },
      /^Feedback ".*": target "mail-7" is not a tracking ID\. Pass/,
    ],
    ['an ID that was cut', { ...THUMB, target: { prediction: PREDICTION.slice(1) } }, /is not a tracking ID\. Pass/],
    ['no kind that there is', { ...THUMB, kind: 'applause' }, /kind is unknown\. Use one of/],
    ['a name of a person as source', { ...THUMB, source: 'Ann Smith' }, /source is not a bounded word\. Name/],
    ['no answer', { ...THUMB, right: 'no' }, /right is not true or false\. Say/],
    ['an ID that is none', { ...THUMB, id: 'mail-7' }, /id is not a tracking ID\. Derive/],
    ['a key that is too long', { ...THUMB, idempotencyKey: 'k'.repeat(257) }, /make no feedback ID\. Pass/],
    ['a time of tomorrow', { ...THUMB, time: NOW + 86_400_000 }, /ahead of the clock here\. Pass/],
    ['no target', { kind: 'rating', right: true, source: 'recipient' }, /target names no/],
    ['nothing', undefined, /could not be read\. Pass/],
    ['what throws when it is read', hostile, /could not be read\. Pass/],
  ])('%s', (_, said, cause) => {
    const { pipeline, records } = record(SPAM)
    const receive = createFeedbackTracer({ pipeline, task: SPAM, now })
    const receipt = receive(said as ReceivedFeedback)
    expect(causeOf(receipt)).toMatch(cause)
    expect(receipt.status === 'rejected' && receipt.error.code).toMatch(/^invalid-/)
    expect(receive(THUMB).status).toBe('emitted')
    expect(records).toHaveLength(1)
    expect(pipeline.loss()).toEqual({})
  })

  test('a business key of another task than the one that is asked about', () => {
    const { pipeline, records } = record(SPAM)
    const receive = createFeedbackTracer({ pipeline, task: SPAM, now })
    expect(causeOf(receive({ ...THUMB, target: { entity: 'order-1', task: 'refund' } }))).toMatch(
      /target names task "refund", and this is where feedback on spam arrives\. Send/,
    )
    expect(records).toEqual([])
  })

  test.each([
    [SPAM, 'eggs', /label "eggs" is no value of task spam\. Send one of ham, spam\.$/],
    [PRICE, 'cheap', /label "cheap" is no value of task price\. Send a value of a regression task\.$/],
  ])('a label that the task which is asked about does not have: %#', (task, label, cause) => {
    const { pipeline, records } = record(SPAM)
    const correction = { ...THUMB, kind: 'correction', label } as const
    expect(causeOf(createFeedbackTracer({ pipeline, task, now })(correction))).toMatch(cause)
    expect(records).toEqual([])
    expect(createFeedbackTracer({ pipeline, now })(correction).status).toBe('emitted')
  })
})

test('a clock that fails costs no feedback that says itself when it was said', () => {
  const { pipeline, records } = record(SPAM)
  const receive = createFeedbackTracer({ pipeline, now: fail })
  expect(receive({ ...THUMB, time: NOW }).status).toBe('emitted')
  expect(causeOf(receive(THUMB))).toMatch(/time is no time/)
  expect(records).toHaveLength(1)
})

describe('options that cannot work are refused when the tracer is made', () => {
  const { pipeline } = record(SPAM)
  test.each<[string, unknown, RegExp]>([
    ['none', undefined, /pipeline is no pipeline\. Pass/],
    ['no pipeline', {}, /pipeline is no pipeline\. Pass/],
    ['a name as task', { pipeline, task: 'spam' }, /task "spam" is no task\. Pass/],
    ['no tracer', { pipeline, tracer: {} }, /tracer is no tracer\. Pass/],
    ['no clock', { pipeline, now: 7 }, /now, random or warn is no function\. Pass/],
  ])('%s', (_, options, cause) => {
    const make = (): unknown => createFeedbackTracer(options as never)
    expect(make).toThrow(GroundtraceError)
    expect(make).toThrow(cause)
  })

  test('but any task is taken that core defined', () => {
    expect(createFeedbackTracer({ pipeline, task: PRICE, now })(THUMB).status).toBe('emitted')
  })
})

import {
  defineTask,
  predictionEvent,
  predictionFromEvent,
  taskCatalogue,
  type LogEvent,
  type Prediction,
  type TaskCatalogue,
} from '@groundtrace/core'
import * as semconv from '@groundtrace/core/semconv'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { junk, predictions } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { id, MADE, predictionOf, TASKS } from './spam-filter.ts'

const catalogue = taskCatalogue(Object.values(TASKS))
const none = taskCatalogue([])

test('says everything under the names of the wire', () => {
  const prediction = predictionOf('binary', {
    time: 1_500.25,
    scores: { ham: 0.1, spam: 0.9 },
    features: { words: [1, 2] },
    slices: { language: 'en' },
    entity: 'mail-7',
    user: 'p-1',
    policy: { variant: 'b', action: 'block', propensity: 0.25, explored: true },
    latencySeconds: 0.002,
    parent: id(9),
    whole: id(8),
  })
  expect(predictionEvent(prediction)).toEqual({
    eventName: 'groundtrace.prediction',
    hrTime: [1, 500_250_000],
    attributes: {
      'groundtrace.tracking_id': id(1),
      'groundtrace.task.name': 'spam',
      'groundtrace.task.kind': 'binary',
      'groundtrace.task.classes': ['ham', 'spam'],
      'groundtrace.model.name': 'filter',
      'groundtrace.model.version': 'v1',
      'groundtrace.prediction.value': 'spam',
      'groundtrace.prediction.scores': { ham: 0.1, spam: 0.9 },
      'groundtrace.prediction.features': { words: [1, 2] },
      'groundtrace.prediction.slices': { language: 'en' },
      'groundtrace.entity': 'mail-7',
      'enduser.pseudo.id': 'p-1',
      'groundtrace.policy.variant': 'b',
      'groundtrace.policy.action': 'block',
      'groundtrace.policy.propensity': 0.25,
      'groundtrace.policy.explored': true,
      'groundtrace.prediction.latency': 0.002,
      'groundtrace.prediction.parent': id(9),
      'groundtrace.prediction.whole': id(8),
    },
  })
})

test('a prediction comes back whole, also over a wire that spells JSON', () => {
  fc.assert(
    fc.property(predictions, (prediction) => {
      const event = predictionEvent(prediction)
      const sent = JSON.parse(JSON.stringify(event)) as LogEvent
      expect(predictionFromEvent(event, taskCatalogue([prediction.task]))).toEqual(prediction)
      expect(predictionFromEvent(sent, none)).toEqual(prediction)
    }),
  )
})

test('a declared task goes before what the event says of it', () => {
  const declared = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'], horizonSeconds: 60 })
  const read = predictionFromEvent(predictionEvent(predictionOf('binary')), taskCatalogue([declared]))
  expect(read.task).toBe(declared)
})

test('a task that only the event describes has the defaults', () => {
  const open = defineTask({ name: 'topic', kind: 'multiclass', horizonSeconds: 60 })
  const event = predictionEvent(predictionOf('multiclass', { task: open, value: 'sport' }))
  expect(predictionFromEvent(event, none).task).toEqual(defineTask({ name: 'topic', kind: 'multiclass' }))
})

const whole = predictionEvent(predictionOf('binary', { scores: { ham: 0.1, spam: 0.9 } }))
const changed = (attributes: object): LogEvent => ({ ...whole, attributes: { ...whole.attributes, ...attributes } })

describe('an event that can not be a prediction is refused', () => {
  test.each<readonly [what: string, attributes: object, code: 'invalid-event' | 'invalid-task' | 'invalid-prediction']>(
    [
      ['no tracking ID', { [semconv.ATTR_TRACKING_ID]: undefined }, 'invalid-prediction'],
      ['a tracking ID in a list', { [semconv.ATTR_TRACKING_ID]: [id(1)] }, 'invalid-prediction'],
      ['no task', { [semconv.ATTR_TASK_NAME]: undefined }, 'invalid-task'],
      ['a task without text', { [semconv.ATTR_TASK_NAME]: Object.create(null) as object }, 'invalid-task'],
      ['a task __proto__', { [semconv.ATTR_TASK_NAME]: '__proto__' }, 'invalid-task'],
      [
        'an unknown task of unknown kind',
        { [semconv.ATTR_TASK_NAME]: 'x', [semconv.ATTR_TASK_KIND]: 'y' },
        'invalid-task',
      ],
      ['a task of another kind', { [semconv.ATTR_TASK_KIND]: 'regression' }, 'invalid-event'],
      ['no model', { [semconv.ATTR_MODEL_NAME]: undefined }, 'invalid-prediction'],
      ['a version that is a number', { [semconv.ATTR_MODEL_VERSION]: 3 }, 'invalid-prediction'],
      ['no value', { [semconv.ATTR_PREDICTION_VALUE]: undefined }, 'invalid-prediction'],
      ['a value of null', { [semconv.ATTR_PREDICTION_VALUE]: null }, 'invalid-prediction'],
      ['a class that the task does not have', { [semconv.ATTR_PREDICTION_VALUE]: 'eggs' }, 'invalid-prediction'],
      ['scores of null', { [semconv.ATTR_PREDICTION_SCORES]: null }, 'invalid-event'],
      ['scores in a list', { [semconv.ATTR_PREDICTION_SCORES]: [0.1, 0.9] }, 'invalid-event'],
      ['a score of infinity', { [semconv.ATTR_PREDICTION_SCORES]: { ham: Infinity } }, 'invalid-prediction'],
      ['a score that is no number', { [semconv.ATTR_PREDICTION_SCORES]: { ham: Number.NaN } }, 'invalid-prediction'],
      ['a score in BigInt', { [semconv.ATTR_PREDICTION_SCORES]: { ham: 1n } }, 'invalid-prediction'],
      ['features in text', { [semconv.ATTR_PREDICTION_FEATURES]: '{}' }, 'invalid-event'],
      ['features in a Map', { [semconv.ATTR_PREDICTION_FEATURES]: new Map() }, 'invalid-event'],
      ['slices of numbers', { [semconv.ATTR_PREDICTION_SLICES]: { age: 3 } }, 'invalid-prediction'],
      ['an entity too long', { [semconv.ATTR_ENTITY]: 'x'.repeat(1e6) }, 'invalid-prediction'],
      ['a propensity in text', { [semconv.ATTR_POLICY_PROPENSITY]: '0.5' }, 'invalid-prediction'],
      ['explored as a number', { [semconv.ATTR_POLICY_EXPLORED]: 1 }, 'invalid-prediction'],
      ['a latency of null', { [semconv.ATTR_PREDICTION_LATENCY]: null }, 'invalid-prediction'],
    ],
  )('%s', (_, attributes, code) => {
    expect(() => predictionFromEvent(changed(attributes), catalogue)).toThrow(refusal(code))
  })

  test.each(['scores', 'features', 'slices'])('a key __proto__ in %s, and nothing is polluted', (part) => {
    const hostile = JSON.parse('{"__proto__":{"polluted":1}}') as object
    const event = changed({ [`groundtrace.prediction.${part}`]: hostile })
    expect(() => predictionFromEvent(event, catalogue)).toThrow(refusal('invalid-prediction'))
    expect({}).not.toHaveProperty('polluted')
  })

  test('names of Object.prototype are only names', () => {
    const task = defineTask({ name: 'constructor', kind: 'multiclass' })
    const prediction = predictionOf('multiclass', {
      task,
      value: 'toString',
      scores: { toString: 0.7, constructor: 0.3 },
      slices: { hasOwnProperty: 'valueOf' },
    })
    expect(predictionFromEvent(predictionEvent(prediction), none)).toEqual(prediction)
  })

  test('two classes of one name, sent as a task', () => {
    const attributes = { [semconv.ATTR_TASK_CLASSES]: ['spam', 'spam'] }
    expect(() => predictionFromEvent(changed(attributes), none)).toThrow(refusal('invalid-task', /named twice/))
  })

  test.each<readonly [what: string, event: unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'event'],
    ['no attributes', { hrTime: [0, 0] }],
    ['attributes of null', { hrTime: [0, 0], attributes: null }],
    ['attributes in a list', { hrTime: [0, 0], attributes: [] }],
    ['no time', { attributes: whole.attributes }],
    ['a time in milliseconds', { ...whole, hrTime: MADE }],
    ['a time that is no number', { ...whole, hrTime: [Number.NaN, 0] }],
    ['a time in BigInt', { ...whole, hrTime: [1n, 0n] }],
    ['a time beyond Date', { ...whole, hrTime: [1e300, 0] }],
  ])('%s', (_, event) => {
    expect(() => predictionFromEvent(event as LogEvent, catalogue)).toThrow(refusal('invalid-event'))
  })
})

test('junk in any attribute, or for all of it, never meets a raw error', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(semconv)), junk, junk, (name, value, other) => {
      expect(rawErrorOf(() => predictionFromEvent(changed({ [name]: value }), catalogue))).toBeUndefined()
      expect(rawErrorOf(() => predictionFromEvent(changed({ [name]: value }), none))).toBeUndefined()
      expect(rawErrorOf(() => predictionFromEvent(value as LogEvent, catalogue))).toBeUndefined()
      expect(rawErrorOf(() => predictionFromEvent(whole, other as TaskCatalogue))).toBeUndefined()
      expect(rawErrorOf(() => predictionEvent(value as Prediction))).toBeUndefined()
    }),
    { numRuns: 1000 },
  )
})

test.each([[undefined], [null], [{}], [[]]])('%o is no catalogue, and no prediction to send', (value) => {
  expect(() => predictionFromEvent(whole, value as unknown as TaskCatalogue)).toThrow(
    refusal('invalid-argument', /no task catalogue/),
  )
  expect(() => predictionEvent(value as unknown as Prediction)).toThrow(refusal('invalid-prediction'))
})

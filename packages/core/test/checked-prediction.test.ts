import { checkedPrediction, fitPrediction, GroundtraceError, type Prediction, type TrackingId } from '@groundtrace/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { junk, predictions } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { id, predictionOf } from './spam-filter.ts'

test('a whole prediction passes as the very same object', () => {
  fc.assert(
    fc.property(predictions, (prediction) => {
      expect(checkedPrediction(prediction)).toBe(prediction)
    }),
  )
})

test('a prediction that failed needs no value', () => {
  const { value: _, ...failed } = predictionOf('binary', { error: 'TimeoutError' })
  expect(checkedPrediction(failed)).toBe(failed)
})

const REFUSED: readonly (readonly [what: string, fields: object, cause: RegExp])[] = [
  ['an ID in upper case', { id: id(1).toUpperCase() }, /id "F+.* is not a tracking ID/],
  ['no ID', { id: undefined }, /id undefined is not/],
  ['no task', { task: undefined }, /task is no task/],
  ['a task by name', { task: 'spam' }, /task is no task/],
  ['a task that was never defined', { task: { name: 'spam', kind: 'binary' } }, /task is no task/],
  ['a time in text', { time: '2026-01-01' }, /time "2026-01-01" is no time/],
  ['a time beyond Date', { time: 1e300 }, /is no time/],
  ['a time that is no number', { time: Number.NaN }, /time NaN is no time/],
  ['no model', { model: undefined }, /model name undefined/],
  ['a model by name', { model: 'filter' }, /model name undefined/],
  ['a model name with a space', { model: { name: 'a b', version: '1' } }, /model name "a b"/],
  ['a version that is a number', { model: { name: 'a', version: 1 } }, /model version 1/],
  ['no value and no error', { value: undefined }, /neither value nor error/],
  ['a value of null', { value: null }, /null is not a value of binary task spam/],
  [
    'a class the task does not have',
    { value: 'eggs' },
    /"eggs" is not a value of binary task spam\. Pass one of ham, spam\./,
  ],
  ['a score of infinity', { scores: { ham: Infinity } }, /scores/],
  ['scores in a list', { scores: [0.1, 0.9] }, /scores/],
  ['scores in a Map', { scores: new Map([['ham', 1]]) }, /scores/],
  ['scores of null', { scores: null }, /scores/],
  ['a score of a class __proto__', { scores: JSON.parse('{"__proto__":1}') as object }, /scores/],
  ['a score of a class without name', { scores: { '': 1 } }, /scores/],
  ['nested features', { features: { a: { b: 1 } } }, /features/],
  ['a feature in BigInt', { features: { a: 1n } }, /features/],
  ['a feature that is no number', { features: { a: Number.NaN } }, /features/],
  ['a feature of mixed types', { features: { a: [1, 'b'] } }, /features/],
  ['a feature with a hole', { features: { a: Object.assign([], { 1: 1 }) } }, /features/],
  ['a typed array, which JSON spells as a map', { features: { a: new Float64Array(2) } }, /features/],
  ['a feature __proto__', { features: JSON.parse('{"__proto__":1}') as object }, /features/],
  ['features in a list', { features: [1] }, /features/],
  ['a slice that is a number', { slices: { age: 3 } }, /slices/],
  ['an empty slice', { slices: { age: '' } }, /slices/],
  ['a slice without name', { slices: { '': 'x' } }, /slices/],
  ['an entity too long', { entity: 'x'.repeat(257) }, /entity/],
  ['an empty entity', { entity: '' }, /entity/],
  ['a user that is a number', { user: 7 }, /user/],
  ['a policy by name', { policy: 'block' }, /policy is not an object/],
  ['a policy of null', { policy: null }, /policy is not an object/],
  ['a variant that is a number', { policy: { variant: 1 } }, /policy.variant/],
  ['an action that is a number', { policy: { action: 1 } }, /policy.action/],
  ['a propensity of 0', { policy: { propensity: 0 } }, /propensity 0 is not in \[1e-6, 1\]/],
  ['a propensity in percent', { policy: { propensity: 25 } }, /propensity 25 is not in/],
  ['a propensity in text', { policy: { propensity: '0.5' } }, /propensity "0.5" is not in/],
  ['a propensity in BigInt', { policy: { propensity: 1n } }, /propensity 1 is not in/],
  ['explored in text', { policy: { explored: 'yes', propensity: 0.5 } }, /policy.explored "yes"/],
  ['explored without a propensity', { policy: { explored: true } }, /explored without a propensity/],
  ['a negative latency', { latencySeconds: -0.1 }, /latencySeconds -0.1/],
  ['a latency without end', { latencySeconds: Infinity }, /latencySeconds Infinity/],
  ['a latency in text', { latencySeconds: '3' }, /latencySeconds "3"/],
  ['an error that is an Error', { error: new Error('x') }, /error is no text/],
  ['a parent that is no ID', { parent: 'x' }, /parent/],
  ['itself as its parent', { parent: id(1) }, /parent/],
  ['another row of its own call as its parent', { id: `${id(1)}-0`, parent: `${id(1)}-1` }, /parent/],
  ['its own call as its parent', { id: `${id(1)}-0`, parent: id(1) }, /parent/],
  ['a whole that is no ID', { parent: id(2), whole: 'x' }, /whole/],
  ['itself as its whole', { parent: id(2), whole: id(1) }, /whole/],
  ['its own call as its whole', { id: `${id(1)}-0`, parent: id(2), whole: id(1) }, /whole/],
  ['a whole without a parent', { whole: id(2) }, /whole/],
]

test.each(REFUSED)('%s is refused', (_, fields, cause) => {
  expect(() => checkedPrediction({ ...predictionOf('binary'), ...fields })).toThrow(
    refusal('invalid-prediction', cause),
  )
})

test.each([[undefined], [null], [{}], [[]], ['spam'], [5], [new Map()], [Object.create(null) as object]])(
  '%o is no prediction',
  (value) => {
    const prediction = value as unknown as Prediction
    expect(() => checkedPrediction(prediction)).toThrow(refusal('invalid-prediction'))
  },
)

test('junk in any one field passes or is refused, and is never a raw error', () => {
  const fields = fc.constantFrom(
    ...Object.keys(predictionOf('binary')),
    'scores',
    'features',
    'slices',
    'policy',
    'parent',
    'whole',
  )
  fc.assert(
    fc.property(predictions, fields, junk, (prediction, field, value) => {
      const spoiled = { ...prediction, [field]: value } as Prediction
      expect(rawErrorOf(() => checkedPrediction(spoiled))).toBeUndefined()
    }),
  )
})

test('fields that a prediction does not have are left out, in model and policy too: no erasure would find them', () => {
  const whole = predictionOf('binary', { policy: { action: 'block' } })
  const email = 'bob@example.com'
  const more = { ...whole, email, model: { ...whole.model, email }, policy: { ...whole.policy, email } }
  expect(checkedPrediction(more)).toEqual(whole)
})

/** The prediction as it is fit, and what it was told that it lost. */
function fitted(prediction: Prediction) {
  const dropped: string[] = []
  return { prediction: fitPrediction(prediction, (field) => void dropped.push(field)), dropped }
}

test('a fit prediction loses nothing', () => {
  fc.assert(
    fc.property(predictions, (prediction) => {
      expect(fitted(prediction)).toEqual({ prediction, dropped: [] })
      expect(fitted(prediction).prediction).toBe(prediction)
    }),
  )
})

test.each([
  ['an entity that is too long', 'entity', 'x'.repeat(257)],
  ['a user with NUL', 'user', 'a\0'],
  ['scores of infinity', 'scores', { ham: Infinity }],
  ['slices under __proto__', 'slices', JSON.parse('{"__proto__":"x"}')],
  ['a latency below 0', 'latencySeconds', -1],
  ['a parent that is none', 'parent', 'x'],
  ['features in a list', 'features', [1]],
])('without %s a prediction is fit', (_, field, value) => {
  const whole = predictionOf('binary')
  const { [field as 'user']: _left, ...rest } = whole
  const { prediction, dropped } = fitted({ ...whole, [field]: value })
  expect(prediction).toEqual(rest)
  expect(dropped).toEqual([field])
  expect(checkedPrediction(prediction)).toBe(prediction)
})

/** The prediction as it is fit; none where it can't be. */
function left(prediction: Prediction): readonly Prediction[] {
  try {
    return [fitted(prediction).prediction]
  } catch (error) {
    if (!GroundtraceError.isInstance(error)) throw error
    return []
  }
}

test('law: whatever stands in a field, what is left is a prediction, or there is none', () => {
  const fields = [
    'value',
    'scores',
    'slices',
    'features',
    'entity',
    'user',
    'policy',
    'latencySeconds',
    'parent',
    'whole',
  ]
  const said = fc.dictionary(fc.constantFrom(...fields), junk, { maxKeys: 3 })
  fc.assert(
    fc.property(predictions, said, (prediction, given) => {
      for (const fit of left({ ...prediction, ...given })) expect(() => checkedPrediction(fit)).not.toThrow()
    }),
  )
})

test('with its parent a prediction loses its whole, which stands for nothing alone', () => {
  const nowhere = { ...predictionOf('binary'), parent: 'x' as TrackingId, whole: id(8) }
  const { prediction, dropped } = fitted(nowhere)
  expect(dropped).toEqual(['parent', 'whole'])
  expect(checkedPrediction(prediction)).toBe(prediction)
})

test.each<[string, Partial<Prediction>]>([
  ['an answer that the task does not have', { value: 'eggs' }],
  ['a policy that was explored without propensity', { policy: { explored: true } }],
])('a prediction with %s can not be fit', (_, fields) => {
  expect(() => fitted({ ...predictionOf('binary'), ...fields })).toThrow(refusal('invalid-prediction'))
})

test('a prediction without an answer can not be fit', () => {
  const { value: _, ...unanswered } = predictionOf('binary')
  expect(() => fitted(unanswered)).toThrow(refusal('invalid-prediction', /neither value nor error/))
})

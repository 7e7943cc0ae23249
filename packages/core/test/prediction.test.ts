import { checkedPrediction, defineTask, horizonOf, isUnobservable, type Prediction } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { junk } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { MADE, predictionOf } from './spam-filter.ts'

describe('the horizon', () => {
  test('is 30 days after the prediction unless the task says otherwise', () => {
    expect(horizonOf(predictionOf('binary'))).toBe(Date.UTC(2026, 0, 31))
  })

  test('is as many seconds later as the task says', () => {
    const task = defineTask({ name: 'card', kind: 'binary', horizonSeconds: 90 * 86_400 })
    expect(horizonOf(predictionOf('binary', { task }))).toBe(Date.UTC(2026, 3, 1))
    expect(MADE).toBe(Date.UTC(2026, 0, 1))
  })
})

describe('an unobservable prediction', () => {
  const task = defineTask({ name: 'spam', kind: 'binary', unobservableActions: ['block'] })
  test.each([
    ['blocked', { action: 'block' }, true],
    ['blocked, and not released by the draw', { action: 'block', propensity: 0.1, explored: false }, true],
    ['blocked, and released by the draw', { action: 'block', propensity: 0.1, explored: true }, false],
    ['passed', { action: 'pass' }, false],
    ['of a variant only', { variant: 'b' }, false],
    ['without policy', undefined, false],
  ])('%s: %o → %s', (_, policy, expected) => {
    const prediction = predictionOf('binary', policy === undefined ? { task } : { task, policy })
    expect(isUnobservable(prediction)).toBe(expected)
  })

  test('is never one whose task hides no action', () => {
    expect(isUnobservable(predictionOf('binary', { policy: { action: 'block' } }))).toBe(false)
  })
})

test.each<[unknown]>([
  [undefined],
  [null],
  [{}],
  ['spam'],
  [{ ...predictionOf('binary'), task: undefined }],
  [{ ...predictionOf('binary'), task: { name: 'spam', kind: 'binary' } }],
  [{ ...predictionOf('binary'), time: Number.NaN }],
])('%o has no horizon and no policy', (value) => {
  expect(() => horizonOf(value as Prediction)).toThrow(refusal('invalid-prediction'))
  expect(() => isUnobservable(value as Prediction)).toThrow(refusal('invalid-prediction'))
})

test('junk never meets a raw error', () => {
  fc.assert(
    fc.property(junk, junk, (value, policy) => {
      const spoiled = { ...predictionOf('binary'), policy } as Prediction
      expect(rawErrorOf(() => horizonOf(value as Prediction))).toBeUndefined()
      expect(rawErrorOf(() => isUnobservable(value as Prediction))).toBeUndefined()
      expect(rawErrorOf(() => isUnobservable(spoiled))).toBeUndefined()
    }),
  )
})

test('a frozen prediction that passed is taken at its word; one that can change is looked at again', () => {
  let looks = 0
  const watched = (): Prediction => ({
    ...predictionOf('binary'),
    get entity() {
      looks += 1
      return 'order-7'
    },
  })
  const frozen = Object.freeze(watched())
  checkedPrediction(frozen)
  const once = looks
  checkedPrediction(frozen)
  expect(once).toBeGreaterThan(0)
  expect(looks).toBe(once)
  const open = watched()
  checkedPrediction(open)
  checkedPrediction(open)
  expect(looks).toBe(3 * once)
})

const DAY = 24 * 3600 * 1000

test('a prediction may be 24 hours ahead of the clock of who receives it, and no more, frozen or not', () => {
  const time = Date.UTC(2026, 0, 2)
  for (const prediction of [predictionOf('binary', { time }), Object.freeze(predictionOf('binary', { time }))]) {
    expect(checkedPrediction(prediction, time - DAY)).toBe(prediction)
    expect(checkedPrediction(prediction, time + 1000 * DAY)).toBe(prediction)
    expect(() => checkedPrediction(prediction, time - DAY - 1000)).toThrow(
      refusal(
        'invalid-prediction',
        /time 1767312000000 lies 86401 seconds ahead of the clock here\. Pass milliseconds since 1970 .*24 hours ahead/,
      ),
    )
  }
})

test('a time that counts microseconds is refused by who has a clock', () => {
  const now = Date.UTC(2026, 0, 2)
  const prediction = predictionOf('binary', { time: now * 1000 })
  expect(checkedPrediction(prediction)).toBe(prediction)
  const cause = /seconds ahead of the clock here\. Pass milliseconds since 1970 \(OTLP: nanoseconds\)/
  expect(() => checkedPrediction(prediction, now)).toThrow(refusal('invalid-prediction', cause))
})

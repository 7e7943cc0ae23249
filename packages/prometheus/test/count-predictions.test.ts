import { defineTask } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { countPredictions } from '@groundtrace/prometheus'
import { countValue } from './count-value.ts'
import { prediction, PRICE, SPAM, TOPIC } from './lines.ts'

const predictions = 'groundtrace_predictions_total'

test('predictions count by task, model, version, part, predicted class and action', () => {
  const counts = countPredictions([
    prediction({ value: 'spam', policy: { action: 'block' } }),
    prediction({ value: 'spam', policy: { action: 'block' } }),
    prediction({ value: 'spam', policy: { action: 'block' }, model: { name: 'filter', version: 'v2' } }),
    prediction({ value: 'ham' }),
  ])
  const labels = { task: 'spam', model: 'filter', version: 'v1', part: 'whole' }
  expect(counts.filter(({ name }) => name === predictions)).toEqual([
    { name: predictions, labels: { ...labels, predicted: 'spam', action: 'block' }, value: 2 },
    { name: predictions, labels: { ...labels, version: 'v2', predicted: 'spam', action: 'block' }, value: 1 },
    { name: predictions, labels: { ...labels, predicted: 'ham', action: '(none)' }, value: 1 },
  ])
})

describe('label values are bounded', () => {
  test('a number, a text and a class of an undeclared task are other', () => {
    const open = defineTask({ name: 'open', kind: 'multiclass' })
    const counts = countPredictions([
      prediction({ task: PRICE, value: 17.25 }),
      prediction({ task: open, value: 'anything' }),
    ])
    expect(countValue(counts, predictions, { predicted: 'other' })).toBe(2)
  })

  test('of a task with many classes the first fifty keep their names', () => {
    const classes = Array.from({ length: 60 }, (_, index) => `c${index}`)
    const task = defineTask({ name: 'many', kind: 'multiclass', classes })
    const counts = countPredictions(classes.map((value) => prediction({ task, value })))
    expect(countValue(counts, predictions, { predicted: 'c49' })).toBe(1)
    expect(countValue(counts, predictions, { predicted: 'c50' })).toBeUndefined()
    expect(countValue(counts, predictions, { predicted: 'other' })).toBe(10)
  })

  test('an action that is no bounded word is other', () => {
    const counts = countPredictions([prediction({ policy: { action: 'mailed to ann@example.org' } })])
    expect(countValue(counts, predictions, { action: 'other' })).toBe(1)
  })

  test('a failed prediction is no class', () => {
    const { value: _, ...failed } = prediction({ error: 'TimeoutError' })
    expect(countValue(countPredictions([failed]), predictions, { predicted: '(failed)' })).toBe(1)
  })
})

describe('scores', () => {
  const score = 'groundtrace_prediction_score'

  test('of a binary task the positive class is watched, whichever was predicted', () => {
    const counts = countPredictions([
      prediction({ value: 'ham', scores: { ham: 0.95, spam: 0.05 } }),
      prediction({ value: 'spam', scores: { ham: 0.15, spam: 0.85 } }),
    ])
    expect(countValue(counts, score, { le: '0.1' })).toBe(1)
    expect(countValue(counts, score, { le: '0.9' })).toBe(1)
    expect(countValue(counts, `${score}_sum`)).toBeCloseTo(0.9, 12)
  })

  test('of other tasks the predicted class is', () => {
    const counts = countPredictions([
      prediction({ task: TOPIC, value: 'law', scores: { art: 0.1, law: 0.6, sport: 0.3 } }),
    ])
    expect(counts.filter(({ name }) => name === score).map(({ labels }) => labels['le'])).toEqual(['0.6'])
  })

  test('a prediction without scores counts none', () => {
    expect(countValue(countPredictions([prediction()]), score)).toBeUndefined()
  })

  test('a class that is the name of an inherited property has no score', () => {
    const task = defineTask({ name: 'odd', kind: 'multiclass', classes: ['toString', 'other'] })
    expect(countValue(countPredictions([prediction({ task, value: 'toString', scores: {} })]), score)).toBeUndefined()
  })
})

describe('the holdout', () => {
  test('counts who could have been explored and who was, by action and propensity', () => {
    const blocked = { action: 'block', propensity: 0.25 }
    const counts = countPredictions([
      prediction({ value: 'spam', policy: { ...blocked, explored: true } }),
      prediction({ value: 'spam', policy: blocked }),
      prediction({ value: 'spam', policy: blocked }),
      prediction({ value: 'ham', policy: { action: 'pass', propensity: 0.02, explored: false } }),
      prediction({ value: 'ham', policy: { action: 'pass' } }),
    ])
    const tier = { action: 'block', propensity: '0.25' }
    expect(countValue(counts, 'groundtrace_holdout_eligible_total', tier)).toBe(3)
    expect(countValue(counts, 'groundtrace_holdout_explored_total', tier)).toBe(1)
    expect(countValue(counts, 'groundtrace_holdout_eligible_total', { propensity: '0.02' })).toBe(1)
    expect(countValue(counts, 'groundtrace_holdout_explored_total', { propensity: '0.02' })).toBe(0)
  })

  test('a propensity is a tier of three significant digits', () => {
    const counts = countPredictions([prediction({ policy: { action: 'pass', propensity: 0.0123456, explored: true } })])
    expect(countValue(counts, 'groundtrace_holdout_eligible_total', { propensity: '0.0123' })).toBe(1)
  })
})

describe('what is counted at the horizon begins at 0 with the first prediction', () => {
  const counts = countPredictions([prediction({ task: SPAM, policy: { action: 'pass', propensity: 0.1 } })])

  test('every cell of the confusion matrix', () => {
    const cells = counts.filter(({ name }) => name === 'groundtrace_confusion_total')
    expect(cells.map(({ value }) => value)).toEqual([0, 0, 0, 0])
    expect(cells.map(({ labels }) => `${labels['predicted']} ${labels['truth']} ${labels['verdict']}`)).toEqual([
      'ham ham correct',
      'ham spam incorrect',
      'spam ham incorrect',
      'spam spam correct',
    ])
  })

  test('verdicts, outcomes and weights', () => {
    for (const name of ['verdicts', 'outcomes', 'holdout_weight', 'holdout_weight_squares']) {
      expect(countValue(counts, `groundtrace_${name}_total`)).toBe(0)
    }
  })

  test('of a task with many classes only the diagonal, so that series grow with classes and not with their square', () => {
    const classes = Array.from({ length: 40 }, (_, index) => `c${index}`)
    const task = defineTask({ name: 'many', kind: 'multiclass', classes })
    const many = countPredictions([prediction({ task, value: 'c1' })])
    expect(many.filter(({ name }) => name === 'groundtrace_confusion_total')).toHaveLength(40)
  })
})

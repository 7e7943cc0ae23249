import { expect, test } from 'vitest'
import { bucketOf, Tally } from '../src/tally.ts'

test('adds up counts with the same labels, whatever the order they are given in', () => {
  const tally = new Tally()
  tally.add('groundtrace_deployments_total', { model: 'm', version: 'v' })
  tally.add('groundtrace_deployments_total', { version: 'v', model: 'm' }, 2)
  expect(tally.counts()).toEqual([
    { name: 'groundtrace_deployments_total', labels: { model: 'm', version: 'v' }, value: 3 },
  ])
})

test('keeps a count of 0, so that its series begins there', () => {
  const tally = new Tally()
  tally.add('groundtrace_deployments_total', { model: 'm', version: 'v' }, 0)
  expect(tally.counts().map(({ value }) => value)).toEqual([0])
})

test('an observation is one in its own bucket and its value in the sum', () => {
  const tally = new Tally()
  const labels = { task: 't', model: 'm', version: 'v', part: 'whole' }
  tally.observe('groundtrace_prediction_score', labels, 0.25)
  tally.observe('groundtrace_prediction_score', labels, 0.3)
  expect(tally.counts()).toEqual([
    { name: 'groundtrace_prediction_score', labels: { ...labels, le: '0.3' }, value: 2 },
    { name: 'groundtrace_prediction_score_sum', labels, value: 0.55 },
  ])
})

test('a sum never falls: a value below 0 adds nothing to it', () => {
  const tally = new Tally()
  const labels = { task: 't', model: 'm', version: 'v', part: 'whole' }
  tally.observe('groundtrace_prediction_score', labels, -4)
  expect(tally.counts()).toContainEqual({ name: 'groundtrace_prediction_score_sum', labels, value: 0 })
})

test('no count is ever infinite, however large what is added: 1.8e308 and 1e-160 to the power of -2 are not', () => {
  const tally = new Tally()
  const labels = { task: 't', model: 'm', version: 'v', part: 'whole' }
  const cell = { ...labels, predicted: 'p', truth: 'p', verdict: 'correct' }
  for (let time = 0; time < 3; time++) {
    tally.observe('groundtrace_prediction_score', labels, Number.MAX_VALUE)
    tally.add('groundtrace_holdout_weight_squares_total', cell, 1 / 1e-160 ** 2)
  }
  expect(tally.counts().filter(({ value }) => !Number.isFinite(value))).toEqual([])
})

test.each([
  [-1, '1'],
  [1, '1'],
  [1.5, '2'],
  [2, '2'],
  [2.1, '+Inf'],
])('%d falls into bucket %s: upper bounds are inclusive, as Prometheus has them', (value, bucket) => {
  expect(bucketOf([1, 2], value)).toBe(bucket)
})

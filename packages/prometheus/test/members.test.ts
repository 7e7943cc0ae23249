import type { JoinedOutcome, Prediction } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { countFeedback, countOutcomes, countPredictions } from '@groundtrace/prometheus'
import { countValue } from './count-value.ts'
import { closed, id, joined, prediction, PRICE, TOPIC } from './lines.ts'

const verdicts = 'groundtrace_member_verdicts_total'
const revised = 'groundtrace_member_revised_total'

/** A member of prediction 1, of a model of its own. */
const member = (model: string, given: Partial<Prediction> = {}): Prediction =>
  prediction({ id: id(2), parent: id(1), whole: id(1), model: { name: model, version: 'v1' }, ...given })

const spam = prediction({ value: 'spam' })
const withMembers = (line: JoinedOutcome, ...members: readonly Prediction[]): JoinedOutcome => ({ ...line, members })

test('members are told from wholes in every figure of predictions, also those of one model', () => {
  const counts = countPredictions([spam, member('filter'), member('words')])
  const name = 'groundtrace_predictions_total'
  expect(countValue(counts, name, { model: 'filter', part: 'whole' })).toBe(1)
  expect(countValue(counts, name, { model: 'filter', part: 'member' })).toBe(1)
  expect(countValue(counts, name, { model: 'words', part: 'member' })).toBe(1)
  const feedback = countFeedback([joined({}, spam), joined({}, member('filter'))])
  expect(countValue(feedback, 'groundtrace_feedback_total', { part: 'whole' })).toBe(1)
  const outcomes = countOutcomes([closed(spam), closed(member('words'), { state: 'expired' })])
  expect(countValue(outcomes, 'groundtrace_outcomes_total', { part: 'member', state: 'expired' })).toBe(1)
})

test('what is inside of a prediction of another task answers its own task itself', () => {
  const counts = countPredictions([spam, prediction({ task: TOPIC, value: 'law', parent: id(1) })])
  expect(countValue(counts, 'groundtrace_predictions_total', { part: 'whole' })).toBe(2)
})

describe('when a whole closes', () => {
  test('each of its members is right or wrong by the same truth, once, and none of the figures of wholes knows', () => {
    const line = closed(spam, { label: 'ham', correct: false })
    const counts = countOutcomes([withMembers(line, member('words'), member('links', { value: 'spam' }))])
    expect(countValue(counts, verdicts, { model: 'words', predicted: 'ham', truth: 'ham', verdict: 'correct' })).toBe(1)
    expect(countValue(counts, verdicts, { model: 'links', predicted: 'spam', truth: 'ham' })).toBe(1)
    expect(countValue(counts, verdicts)).toBe(2)
    const rest = counts.filter(({ name }) => name !== verdicts)
    expect(rest).toEqual(countOutcomes([line]))
  })

  test('a member that said what is ruled out was wrong; of the others nothing is known', () => {
    const { label: _, ...outcome } = closed(prediction({ task: TOPIC, value: 'law' })).outcome
    const about = prediction({ task: TOPIC, value: 'law' })
    const line = { prediction: about, outcome: { ...outcome, ruledOut: ['law'], correct: false } }
    const counts = countOutcomes([
      withMembers(line, member('a', { task: TOPIC, value: 'law' }), member('b', { task: TOPIC, value: 'art' })),
    ])
    const cell = { model: 'a', predicted: 'law', truth: '(unknown)', verdict: 'incorrect' }
    expect(countValue(counts, verdicts, cell)).toBe(1)
    expect(countValue(counts, verdicts)).toBe(1)
  })

  test('a task without classes counts right and wrong', () => {
    const line = closed(prediction({ task: PRICE, value: 5 }), { label: 9, correct: false })
    const counts = countOutcomes([withMembers(line, member('a', { task: PRICE, value: 8.5 }))])
    expect(countValue(counts, verdicts, { predicted: 'other', truth: 'other', verdict: 'correct' })).toBe(1)
  })

  test.each(['contested', 'retracted', 'expired', 'censored'] as const)('%s, nothing is known of them', (state) => {
    expect(countValue(countOutcomes([withMembers(closed(spam, { state }), member('words'))]), verdicts)).toBeUndefined()
  })

  test('an early line counts nothing for them either', () => {
    expect(countOutcomes([withMembers(closed(spam, { phase: 'early' }), member('words'))])).toEqual([])
  })
})

describe('when the truth of a whole is revised', () => {
  const replaces = { state: 'settled', label: 'spam', correct: true } as const

  test('that of its members is, and the matrix of each can be corrected', () => {
    const late = closed(spam, { phase: 'late', label: 'ham', correct: false, replaces })
    const lines = [closed(spam), late].map((line) => withMembers(line, member('words')))
    const counts = countOutcomes(lines)
    expect(countValue(counts, revised, { model: 'words', predicted: 'ham', old: 'spam', new: 'ham' })).toBe(1)
    const now = (truth: string): number =>
      (countValue(counts, verdicts, { truth }) ?? 0) +
      (countValue(counts, revised, { new: truth }) ?? 0) -
      (countValue(counts, revised, { old: truth }) ?? 0)
    expect([now('spam'), now('ham')]).toEqual([0, 1])
  })

  test('by what it means for each: without classes, whether the member was right', () => {
    const late = closed(prediction({ task: PRICE, value: 5 }), {
      phase: 'late',
      label: 9,
      correct: false,
      replaces: { state: 'settled', label: 5, correct: true },
    })
    const counts = countOutcomes([
      withMembers(late, member('near', { task: PRICE, value: 9 }), member('far', { task: PRICE, value: 1 })),
    ])
    expect(countValue(counts, revised, { model: 'near', old: 'incorrect', new: 'correct' })).toBe(1)
    expect(countValue(counts, revised, { model: 'far' })).toBeUndefined()
  })

  test('and not when only the authority changed', () => {
    const late = closed(spam, { phase: 'late', authority: 'expert', replaces })
    expect(countOutcomes([withMembers(late, member('words'))])).toEqual([])
  })
})

test('figures of members begin at 0 with the first of a version, so that a rare error is seen to increase', () => {
  const counts = countPredictions([member('words'), member('price', { task: PRICE, value: 1 })])
  expect(countValue(counts, verdicts, { model: 'words', predicted: 'spam', truth: 'ham' })).toBe(0)
  expect(countValue(counts, verdicts, { model: 'price', verdict: 'incorrect' })).toBe(0)
  expect(countValue(countPredictions([spam]), verdicts)).toBeUndefined()
})

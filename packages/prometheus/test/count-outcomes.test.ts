import { describe, expect, test } from 'vitest'
import { countOutcomes } from '@groundtrace/prometheus'
import { countValue } from './count-value.ts'
import { closed, prediction, PRICE, TOPIC } from './lines.ts'

const confusion = 'groundtrace_confusion_total'
const verdicts = 'groundtrace_verdicts_total'
const outcomes = 'groundtrace_outcomes_total'
const revised = 'groundtrace_revised_total'
const spam = prediction({ value: 'spam' })

describe('at the horizon', () => {
  test('a settled prediction counts once in the confusion matrix and once as a verdict', () => {
    const counts = countOutcomes([closed(spam), closed(spam, { label: 'ham', correct: false })])
    expect(countValue(counts, confusion, { predicted: 'spam', truth: 'spam', verdict: 'correct' })).toBe(1)
    expect(countValue(counts, confusion, { predicted: 'spam', truth: 'ham', verdict: 'incorrect' })).toBe(1)
    expect(countValue(counts, verdicts, { verdict: 'correct' })).toBe(1)
    expect(countValue(counts, verdicts, { verdict: 'incorrect' })).toBe(1)
  })

  test('a ruled-out class is a wrong prediction whose truth is unknown', () => {
    const about = prediction({ task: TOPIC, value: 'law' })
    const outcome = { prediction: about.id, version: 1, phase: 'horizon', evidence: [], time: 0 } as const
    const counts = countOutcomes([
      { prediction: about, outcome: { ...outcome, state: 'settled', ruledOut: ['law'], correct: false } },
    ])
    expect(countValue(counts, confusion, { predicted: 'law', truth: '(unknown)', verdict: 'incorrect' })).toBe(1)
  })

  test('a task without classes counts right and wrong only', () => {
    const counts = countOutcomes([closed(prediction({ task: PRICE, value: 5 }), { label: 9, correct: false })])
    expect(countValue(counts, verdicts, { task: 'price', verdict: 'incorrect' })).toBe(1)
    expect(countValue(counts, confusion)).toBeUndefined()
  })

  test.each(['contested', 'retracted', 'expired', 'censored'] as const)(
    '%s counts as that and as nothing else',
    (state) => {
      const counts = countOutcomes([closed(spam, { state })])
      expect(counts).toEqual([
        {
          name: outcomes,
          labels: { task: 'spam', model: 'filter', version: 'v1', part: 'whole', state, authority: '(none)' },
          value: 1,
        },
      ])
    },
  )

  test('who settled it is a label, so that declared silence is told from answers', () => {
    const counts = countOutcomes([closed(spam), closed(spam, { authority: 'silence' })])
    expect(countValue(counts, outcomes, { state: 'settled', authority: 'rating' })).toBe(1)
    expect(countValue(counts, outcomes, { state: 'settled', authority: 'silence' })).toBe(1)
  })

  test('a truth about a prediction that failed is an outcome without a verdict', () => {
    const { value: _, ...failed } = prediction({ error: 'TimeoutError' })
    const line = closed(spam, { label: 'ham' })
    const { correct: __, ...outcome } = line.outcome
    const counts = countOutcomes([{ prediction: failed, outcome }])
    expect(countValue(counts, outcomes)).toBe(1)
    expect(countValue(counts, verdicts)).toBeUndefined()
  })
})

test('an early line counts nothing: it may still change', () => {
  expect(countOutcomes([closed(spam, { phase: 'early' })])).toEqual([])
})

describe('after the horizon', () => {
  test('a changed truth counts as a revision from old to new, and not again as quality', () => {
    const counts = countOutcomes([
      closed(spam, { phase: 'late', label: 'ham', correct: false, replaces: { state: 'settled', label: 'spam' } }),
    ])
    expect(counts).toEqual([
      {
        name: revised,
        labels: {
          task: 'spam',
          model: 'filter',
          version: 'v1',
          part: 'whole',
          predicted: 'spam',
          old: 'spam',
          new: 'ham',
        },
        value: 1,
      },
    ])
  })

  test('a truth that came late and one that was taken back name the state', () => {
    const counts = countOutcomes([
      closed(spam, { phase: 'late', replaces: { state: 'expired' } }),
      closed(spam, { phase: 'late', state: 'retracted', replaces: { state: 'settled', label: 'spam' } }),
    ])
    expect(countValue(counts, revised, { old: '(expired)', new: 'spam' })).toBe(1)
    expect(countValue(counts, revised, { old: 'spam', new: '(retracted)' })).toBe(1)
  })

  test('a task without classes is revised from right to wrong', () => {
    const about = prediction({ task: PRICE, value: 5 })
    const counts = countOutcomes([
      closed(about, {
        phase: 'late',
        label: 9,
        correct: false,
        replaces: { state: 'settled', label: 5, correct: true },
      }),
    ])
    expect(countValue(counts, revised, { old: 'correct', new: 'incorrect' })).toBe(1)
  })

  test('the same truth on another authority revises nothing', () => {
    const replaces = { state: 'settled', label: 'spam', correct: true, authority: 'rating' } as const
    expect(countOutcomes([closed(spam, { phase: 'late', authority: 'expert', replaces })])).toEqual([])
  })

  test('revisions correct the matrix: what was added to new and taken from old is the matrix as it is now', () => {
    const lines = [
      closed(spam),
      closed(spam),
      closed(spam, { state: 'expired' }),
      closed(spam, { phase: 'late', label: 'ham', correct: false, replaces: { state: 'settled', label: 'spam' } }),
      closed(spam, { phase: 'late', label: 'ham', correct: false, replaces: { state: 'expired' } }),
    ]
    const counts = countOutcomes(lines)
    const corrected = (truth: string): number =>
      (countValue(counts, confusion, { truth }) ?? 0) +
      (countValue(counts, revised, { new: truth }) ?? 0) -
      (countValue(counts, revised, { old: truth }) ?? 0)
    // By hand: three spam predictions; one stays spam, one changed to ham, one was revealed as ham.
    expect([corrected('spam'), corrected('ham')]).toEqual([1, 2])
  })
})

const released = (propensity: number, truth: 'ham' | 'spam') =>
  closed(prediction({ value: 'spam', policy: { action: 'block', propensity, explored: true } }), {
    label: truth,
    correct: truth === 'spam',
  })
const audited = (truth: 'ham' | 'spam') =>
  closed(prediction({ value: 'ham', policy: { action: 'pass', propensity: 0.02, explored: true } }), {
    label: truth,
    correct: truth === 'ham',
  })

describe('the holdout', () => {
  const counts = countOutcomes([
    released(0.25, 'ham'),
    released(0.25, 'spam'),
    released(0.1, 'spam'),
    audited('ham'),
    audited('spam'),
    closed(prediction({ value: 'ham', policy: { action: 'pass', propensity: 0.02, explored: false } })),
    closed(prediction({ value: 'ham' })),
  ])

  test('reveals truths by action and propensity', () => {
    const name = 'groundtrace_holdout_revealed_total'
    expect(countValue(counts, name, { action: 'block', propensity: '0.25', truth: 'ham', verdict: 'incorrect' })).toBe(
      1,
    )
    expect(countValue(counts, name, { action: 'block', propensity: '0.1', truth: 'spam', verdict: 'correct' })).toBe(1)
    expect(countValue(counts, name, { action: 'pass', propensity: '0.02' })).toBe(2)
  })

  test('weighs each revealed prediction by 1 / propensity, from which precision and recall follow', () => {
    const name = 'groundtrace_holdout_weight_total'
    const caught = countValue(counts, name, { predicted: 'spam', truth: 'spam' }) ?? 0
    // By hand: 1/0.25 + 1/0.1 = 14 caught; 1/0.25 = 4 blocked by mistake; 1/0.02 = 50 missed.
    expect(caught).toBeCloseTo(14, 12)
    expect(caught / (countValue(counts, name, { predicted: 'spam' }) ?? 0)).toBeCloseTo(14 / 18, 12)
    expect(caught / (countValue(counts, name, { truth: 'spam' }) ?? 0)).toBeCloseTo(14 / 64, 12)
  })

  test('adds the squares of the weights, from which the effective sample size follows', () => {
    const squares = countValue(counts, 'groundtrace_holdout_weight_squares_total', { predicted: 'spam' }) ?? 0
    // By hand: 4² + 4² + 10² = 132; (4 + 4 + 10)² / 132 = 2.4545…
    expect(squares).toBeCloseTo(132, 9)
    expect(18 ** 2 / squares).toBeCloseTo(324 / 132, 12)
  })

  test('takes no prediction that was not explored', () => {
    expect(countValue(counts, 'groundtrace_holdout_revealed_total')).toBe(5)
    expect(countValue(counts, verdicts)).toBe(7)
  })
})

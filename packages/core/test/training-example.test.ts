import { exampleFrom, resolve, type Answer, type Outcome, type Prediction } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { junk } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { id, MADE, predictionOf, said } from './spam-filter.ts'

const features = { subject: 'Cheap', words: [3, 8] }
const prediction = predictionOf('binary', { features })

const settled: Outcome = {
  prediction: id(1),
  version: 2,
  phase: 'horizon',
  state: 'settled',
  label: 'ham',
  correct: false,
  authority: 'correction',
  evidence: [id(3), id(4)],
  time: MADE + 1000,
}

test('has the ID of the feedback that decided it, the features of the prediction and where both came from', () => {
  expect(exampleFrom(prediction, settled)).toEqual({
    id: id(3),
    prediction: id(1),
    feedback: [id(3), id(4)],
    outcomeVersion: 2,
    task: 'spam',
    label: 'ham',
    authority: 'correction',
    features,
    time: MADE,
  })
})

test('of a member says of which whole', () => {
  const member = { ...prediction, parent: id(8), whole: id(9) }
  expect(exampleFrom(member, settled)).toMatchObject({ prediction: id(1), whole: id(9) })
  expect(exampleFrom(prediction, settled)).not.toHaveProperty('whole')
})

test('has the ID of the prediction where silence decided', () => {
  expect(exampleFrom(prediction, { ...settled, authority: 'silence', evidence: [] })).toMatchObject({
    id: id(1),
    feedback: [],
  })
})

test.each([
  ['explored', { action: 'block', propensity: 0.1, explored: true }, 0.1],
  ['not explored', { action: 'block', propensity: 0.1, explored: false }, undefined],
  ['without a draw', { action: 'block' }, undefined],
])('carries the propensity of a prediction that was %s', (_, policy, propensity) => {
  const example = exampleFrom({ ...prediction, policy }, settled)
  expect((example as { propensity?: number }).propensity).toBe(propensity)
})

describe('there is none', () => {
  test.each(['contested', 'retracted', 'expired', 'censored'] as const)('of a %s outcome', (state) => {
    const { label: _, ...rest } = settled
    expect(exampleFrom(prediction, { ...rest, state })).toBe('not-settled')
  })

  test('where a class is only ruled out', () => {
    const { label: _, ...rest } = settled
    expect(exampleFrom(prediction, { ...rest, ruledOut: ['spam'] })).toBe('truth-unknown')
  })

  test('where the features were not kept, or erased', () => {
    expect(exampleFrom(predictionOf('binary'), settled)).toBe('features-missing')
  })
})

/** The verdict on one answer, as the outcome that the register writes. */
function outcomeOf(kind: 'binary' | 'multiclass' | 'regression' | 'generation', answer: Answer): Outcome {
  const verdict = resolve(predictionOf(kind), [said(2, answer)], { now: MADE + 31 * 86_400_000 })
  const { held: _, ...rest } = verdict
  return { ...rest, prediction: id(1), version: 1, phase: 'horizon', time: MADE } as Outcome
}

describe('“correct” makes an example and “incorrect” makes one of two classes only', () => {
  test.each([
    ['binary', true, { label: 'spam' }],
    ['binary', false, { label: 'ham' }],
    ['multiclass', true, { label: 'work' }],
    ['multiclass', false, 'truth-unknown'],
    ['regression', true, 'truth-unknown'],
    ['regression', false, 'truth-unknown'],
    ['generation', true, 'not-settled'],
    ['generation', false, 'not-settled'],
  ] as const)('%s, right: %s', (kind, right, expected) => {
    const example = exampleFrom(predictionOf(kind, { features }), outcomeOf(kind, { kind: 'rating', right }))
    expect(typeof example === 'string' ? example : { label: example.label }).toEqual(expected)
  })
})

describe('misuse', () => {
  test('the outcome of another prediction is refused', () => {
    expect(() => exampleFrom(prediction, { ...settled, prediction: id(7) })).toThrow(
      refusal('invalid-argument', /is that of/),
    )
  })

  test.each([
    [undefined],
    [null],
    [{}],
    [{ ...settled, state: 'open' }],
    [{ ...settled, evidence: undefined }],
    [{ ...settled, evidence: ['x'] }],
  ])('%o is no outcome', (outcome) => {
    expect(() => exampleFrom(prediction, outcome as Outcome)).toThrow(refusal('invalid-outcome'))
  })

  test('junk meets a typed error', () => {
    fc.assert(
      fc.property(junk, junk, (a, b) => {
        expect(rawErrorOf(() => exampleFrom(a as Prediction, b as Outcome))).toBeUndefined()
        expect(rawErrorOf(() => exampleFrom(prediction, b as Outcome))).toBeUndefined()
        expect(rawErrorOf(() => exampleFrom(a as Prediction, settled))).toBeUndefined()
      }),
    )
    expect(() => exampleFrom({} as Prediction, settled)).toThrow(refusal('invalid-prediction'))
  })
})

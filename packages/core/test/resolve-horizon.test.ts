import { resolve, type Answer } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { CARD, DAY, id, MADE, predictionOf, said } from './spam-filter.ts'

describe('a held correction', () => {
  const prediction = predictionOf('binary', { task: CARD, value: 'honest' })
  const claim = said(2, { kind: 'correction', label: 'fraud' }, { source: 'cardholder' })
  const after = { now: MADE + 30 * DAY }

  test('is named and decides nothing', () => {
    expect(resolve(prediction, [claim])).toEqual({ state: 'open', evidence: [], held: [id(2)] })
  })

  test('waits beside the answer of another source that decides', () => {
    const bank = said(3, { kind: 'outcome', label: 'fraud' }, { source: 'bank' })
    expect(resolve(prediction, [claim, bank])).toMatchObject({ label: 'fraud', evidence: [id(3)], held: [id(2)] })
  })

  test('keeps silence from speaking', () => {
    expect(resolve(prediction, [claim], after)).toEqual({ state: 'expired', evidence: [], held: [id(2)] })
  })

  test('that is withdrawn lets silence speak', () => {
    const withdrawn = said(3, { kind: 'retraction', retracts: id(2) }, { source: 'cardholder' })
    expect(resolve(prediction, [claim, withdrawn], after)).toMatchObject({ label: 'honest', held: [] })
  })
})

describe('at the horizon', () => {
  const paid = predictionOf('binary', { task: CARD, value: 'fraud' })
  const horizon = MADE + 30 * DAY

  test.each([
    ['a moment before', horizon - 1, 'open'],
    ['on the dot', horizon, 'expired'],
    ['long after', horizon + 1000 * DAY, 'expired'],
  ])('%s, nothing said', (_, now, state) => {
    expect(resolve(predictionOf('binary'), [], { now }).state).toBe(state)
  })

  test('silence about a member leaves it expired: its whole may be disputed', () => {
    const member = { ...paid, parent: id(9), whole: id(9) }
    expect(resolve(member, [], { now: horizon })).toEqual({ state: 'expired', evidence: [], held: [] })
    const bank = said(2, { kind: 'outcome', label: 'fraud' }, { source: 'bank' })
    expect(resolve(member, [bank], { now: horizon })).toMatchObject({ label: 'fraud', correct: true })
  })

  test('declared silence is the truth, and says whether the prediction was right', () => {
    expect(resolve(paid, [], { now: horizon })).toEqual({
      state: 'settled',
      label: 'honest',
      correct: false,
      authority: 'silence',
      evidence: [],
      held: [],
    })
    expect(resolve({ ...paid, value: 'honest' }, [], { now: horizon })).toMatchObject({ correct: true })
    expect(resolve(paid, [], { now: horizon - 1 })).toMatchObject({ state: 'open' })
  })

  test.each<Answer>([
    { kind: 'no-action' },
    { kind: 'action', action: 'click' },
    { kind: 'acceptance' },
    { kind: 'stars', stars: 3 },
  ])('%o does not break the silence', (answer) => {
    expect(resolve(paid, [said(2, answer)], { now: horizon })).toMatchObject({ label: 'honest', authority: 'silence' })
  })

  test('harm breaks the silence without saying what is true', () => {
    const harm = said(2, { kind: 'harm', report: 'My card was locked abroad' })
    expect(resolve(paid, [harm], { now: horizon })).toEqual({ state: 'expired', evidence: [], held: [] })
  })

  test('any word goes before silence', () => {
    const lines = [said(2, { kind: 'rating', right: true })]
    expect(resolve(paid, lines, { now: horizon })).toMatchObject({ label: 'fraud', authority: 'rating' })
  })

  test('what was blocked and not released is censored, never expired and never silent', () => {
    const policy = { action: 'block', propensity: 0.1, explored: false }
    expect(resolve({ ...paid, policy }, [], { now: horizon })).toEqual({ state: 'censored', evidence: [], held: [] })
    expect(resolve({ ...paid, policy }, [], { now: horizon - 1 })).toMatchObject({ state: 'open' })
  })

  test('what was blocked and released can be silent', () => {
    const policy = { action: 'block', propensity: 0.1, explored: true }
    expect(resolve({ ...paid, policy }, [], { now: horizon })).toMatchObject({ label: 'honest', authority: 'silence' })
  })

  test('an answer on what was blocked all the same settles it', () => {
    const policy = { action: 'block' }
    const lines = [said(2, { kind: 'outcome', label: 'honest' })]
    expect(resolve({ ...paid, policy }, lines, { now: horizon })).toMatchObject({ state: 'settled', label: 'honest' })
  })
})

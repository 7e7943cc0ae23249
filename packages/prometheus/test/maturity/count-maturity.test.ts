import { defineTask, type Outcome, type Prediction } from '@groundtrace/core'
import { expect, test } from 'vitest'
import { countAnswered, countAsked } from '../../src/maturity/count-maturity.ts'
import { closed, id, prediction } from '../lines.ts'

/** Steps of a second. */
const TASK = defineTask({
  name: 'spam',
  kind: 'binary',
  classes: ['ham', 'spam'],
  horizonSeconds: 32,
  unobservableActions: ['block'],
})
const at = (seconds: number, given: Partial<Prediction> = {}): Prediction =>
  prediction({ task: TASK, time: seconds * 1000, ...given })
const line = (outcome: Partial<Outcome>, recordedSeconds: number, about = at(0)) => ({
  ...closed(about, outcome),
  recorded: recordedSeconds * 1000,
})
const cohort = (number: number) => ({ task: 'spam', horizon: '32', cohort: String(number) })

test('predictions are counted by the second they were made in, until four horizons after it', () => {
  expect(countAsked([at(0), at(0.9), at(5)])).toEqual([
    { name: 'maturity.asked', labels: cohort(0), value: 2, expires: 1000 + 4 * 32_000 },
    { name: 'maturity.asked', labels: cohort(5), value: 1, expires: 6000 + 4 * 32_000 },
  ])
})

test('members and what nobody can answer are not, what was explored is', () => {
  const block = { action: 'block', propensity: 0.5 }
  const lines = [
    at(0, { parent: id(9), whole: id(9) }),
    at(0, { policy: { ...block, explored: false } }),
    at(0, { policy: { ...block, explored: true } }),
  ]
  expect(countAsked(lines).map(({ value }) => value)).toEqual([1])
  expect(countAnswered(lines.map((about) => line({}, 1, about))).map(({ value }) => value)).toEqual([1])
})

test('an answer is counted by how long it took until it was known, not by when it was said', () => {
  expect(countAnswered([line({ phase: 'early', time: 500 }, 7.5)])).toEqual([
    { name: 'maturity.answered', labels: { ...cohort(0), delay: '8' }, value: 1, expires: 129_000 },
  ])
  // A clock that is behind: it took no time.
  expect(countAnswered([line({ phase: 'early' }, -5)])[0]?.labels['delay']).toBe(String(2 ** -10))
  expect(countAnswered([line({ phase: 'late', replaces: { state: 'expired' } }, 33)])).toEqual([])
})

test.each<[what: string, outcome: Partial<Outcome>, answers: number]>([
  ['settled early', { phase: 'early' }, 1],
  ['contested', { phase: 'early', state: 'contested' }, 1],
  ['taken back before it was joined', { phase: 'early', state: 'retracted' }, 1],
  ['settled again by somebody else', { phase: 'early', version: 2, replaces: { state: 'settled' } }, 0],
  ['still settled at the horizon', { phase: 'horizon', version: 2, replaces: { state: 'settled' } }, 0],
  ['expired', { state: 'expired' }, 0],
  ['censored', { state: 'censored' }, 0],
  ['settled by silence', { authority: 'silence' }, 0],
  ['disputed silence', { phase: 'late', state: 'expired', replaces: { state: 'settled', authority: 'silence' } }, 0],
  ['answered after silence', { phase: 'late', replaces: { state: 'settled', authority: 'silence' } }, 1],
  ['answered late', { phase: 'late', replaces: { state: 'expired' } }, 1],
  ['answered after it was taken back', { phase: 'early', replaces: { state: 'retracted' } }, 0],
])('an outcome that is %s makes so many first answers', (_, outcome, answers) => {
  expect(countAnswered([line(outcome, 3)])).toHaveLength(answers)
})

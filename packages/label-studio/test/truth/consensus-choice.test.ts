import * as fc from 'fast-check'
import { dawidSkene, mace, oneCoin } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { crowdConsensus } from '../../src/truth/consensus-choice.ts'
import { coin, crowdAnswers, type Crowd } from './random-crowd.ts'

const crowdOf = (...skills: readonly number[]): Crowd => ({
  classes: ['ham', 'spam'],
  prior: [0.6, 0.4],
  confusion: skills.map((skill) => coin(skill, 2)),
})

/** Annotators who each mix up other classes: what one skill each can't say. */
const CONFUSED: Crowd = {
  classes: ['a', 'b', 'c'],
  prior: [0.4, 0.3, 0.3],
  confusion: [
    [
      [0.95, 0.05, 0],
      [0.5, 0.5, 0],
      [0, 0, 1],
    ],
    [
      [1, 0, 0],
      [0, 0.95, 0.05],
      [0, 0.5, 0.5],
    ],
    [
      [0.5, 0, 0.5],
      [0, 1, 0],
      [0.05, 0, 0.95],
    ],
    [
      [0.9, 0.1, 0],
      [0.1, 0.9, 0],
      [0, 0, 1],
    ],
  ],
}

describe('the method is', () => {
  test('votes without probabilities where there is too little data', () => {
    const { rows } = crowdAnswers(crowdOf(0.9, 0.9, 0.7, 0.7), 60, 3, 1)
    const { choice, beliefOf } = crowdConsensus(rows)
    expect(choice).toMatchObject({
      method: 'majority',
      state: 'too-little-data',
      units: 60,
      annotators: 4,
      answers: 180,
    })
    expect(choice).not.toHaveProperty('converged')
    expect(beliefOf(0)).toEqual({ method: 'majority/1' })
  })

  test('votes where two annotators are all there are, however much they say', () => {
    const { choice } = crowdConsensus(crowdAnswers(crowdOf(0.9, 0.7), 300, 2, 1).rows)
    expect(choice).toMatchObject({ method: 'majority', state: 'too-little-data' })
  })

  test('votes for a crowd in which all are alike, each right as often as all of them', () => {
    const { rows } = crowdAnswers(crowdOf(0.9, 0.9, 0.9, 0.9), 200, 3, 1)
    const { choice, beliefOf } = crowdConsensus(rows)
    expect(choice).toMatchObject({ method: 'majority', converged: true })
    // Bayes' theorem by hand, with the skill that all have together.
    const { prior, pooledSkill: right, classes } = oneCoin(rows)
    const votes = rows.filter(({ unit }) => unit === 3).map(({ value }) => value)
    const [ham = 0, spam = 0] = classes.map((label, index) =>
      votes.reduce((product, vote) => product * (vote === label ? right : 1 - right), prior[index] ?? 0),
    )
    expect(beliefOf(3).probability?.['ham']).toBeCloseTo(ham / (ham + spam), 12)
  })

  test('one skill each for a crowd of good and bad ones, or habits, which say the same of two classes', () => {
    const { rows } = crowdAnswers(crowdOf(0.98, 0.98, 0.6, 0.55), 600, 3, 2)
    const { choice, beliefOf } = crowdConsensus(rows)
    expect(['one-coin', 'mace']).toContain(choice.method)
    const { iterations, converged, logLikelihood, of } = choice.method === 'mace' ? mace(rows) : oneCoin(rows)
    expect(choice).toMatchObject({ state: 'chosen', iterations, converged, logLikelihood })
    expect(beliefOf(7)).toEqual({ method: `${choice.method}/1`, probability: of(7).probability })
    expect(beliefOf(4000)).toEqual({ method: `${choice.method}/1` })
  })

  test('a confusion matrix each for a crowd whose annotators mix up classes of their own', () => {
    const { rows } = crowdAnswers(CONFUSED, 400, 4, 3)
    const { choice, beliefOf } = crowdConsensus(rows)
    expect(choice).toMatchObject({ method: 'dawid-skene', state: 'chosen', flawed: {} })
    expect(beliefOf(5).probability).toEqual(dawidSkene(rows).of(5).probability)
  })

  test('never one whose labels may have changed places', () => {
    const dice: Crowd = {
      classes: ['a', 'b'],
      prior: [0.5, 0.5],
      confusion: [0.5, 0.5, 0.5].map((skill) => coin(skill, 2)),
    }
    const unclear = Array.from({ length: 12 }, (_, seed) => crowdAnswers(dice, 120, 3, seed).rows).filter(
      (rows) => dawidSkene(rows).unclear.length > 0,
    )
    expect(unclear.length).toBeGreaterThan(0)
    for (const rows of unclear) expect(crowdConsensus(rows).choice.method).not.toBe('dawid-skene')
  })
})

test('the order of the rows changes nothing, to the last bit', () => {
  const { rows } = crowdAnswers(CONFUSED, 120, 3, 5)
  const { choice, beliefOf } = crowdConsensus(rows)
  fc.assert(
    fc.property(fc.shuffledSubarray([...rows.keys()], { minLength: rows.length }), (order) => {
      const shuffled = crowdConsensus(order.flatMap((index) => rows[index] ?? []))
      expect(shuffled.choice).toEqual(choice)
      expect(shuffled.beliefOf(11)).toEqual(beliefOf(11))
    }),
    { numRuns: 5 },
  )
})

test('of more answers than can be compared a part of the units is compared, and all are fitted', () => {
  const { rows } = crowdAnswers(crowdOf(0.9, 0.9, 0.9), 8000, 3, 1)
  const { choice } = crowdConsensus(rows)
  expect(choice).toMatchObject({ answers: 24_000, logLikelihood: oneCoin(rows).logLikelihood })
})

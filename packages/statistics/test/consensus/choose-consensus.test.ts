import {
  CONSENSUS_METHODS,
  chooseConsensus,
  dawidSkene,
  heldOutLogLikelihood,
  type Rating,
} from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { anyRows, anyRowsTwice, coin, simulatedCrowd } from './random-answers.ts'

/** Everybody takes the next class for the true one in one of three answers. */
const shifted = [0, 1, 2].map((truth) => [0, 1, 2].map((answer) => [0.64, 0.34, 0.02][(answer - truth + 3) % 3] ?? 0))
const straight = coin(0.8, 3)
const prior = [0.5, 0.3, 0.2]

const always = (answer: number) => straight.map(() => [0, 1, 2].map((code) => (code === answer ? 1 : 0)))

const crowdOf = (seed: string, confusions: readonly (readonly (readonly number[])[])[], units = 500) =>
  simulatedCrowd({ seed, units, perUnit: 5, prior, confusions })

const biased = crowdOf('biased', [
  ...Array.from({ length: 6 }, () => shifted),
  ...Array.from({ length: 6 }, () => straight),
])

describe('the method that answers speak for', () => {
  test('is Dawid and Skene where raters mistake one class for a certain other', () => {
    const choice = chooseConsensus(biased.rows)
    expect(choice).toMatchObject({ method: 'dawid-skene', state: 'chosen', answers: 2500 })
    expect(choice.scores.map(({ method }) => method)).toEqual(CONSENSUS_METHODS)
    expect(choice.consensus.posterior).toEqual(dawidSkene(biased.rows).posterior)
    const gain = choice.scores.find(({ method }) => method === 'dawid-skene')
    expect(gain?.interval[0]).toBeGreaterThan(0)
  })

  test('is MACE where some answer by habit', () => {
    const lookers = Array.from({ length: 6 }, () => coin(0.85, 3))
    const { rows } = crowdOf('habits', [...lookers, ...[0, 1, 2, 0, 1, 2].map(always)])
    expect(chooseConsensus(rows)).toMatchObject({ method: 'mace', state: 'chosen' })
  })

  test('is one of one skill per rater where only skill tells them apart', () => {
    const { rows } = crowdOf(
      'skills',
      [0.95, 0.9, 0.85, 0.6, 0.5, 0.45, 0.4, 0.9].map((skill) => coin(skill, 3)),
    )
    // MACE is the same model here, but for the classes that wrong answers fall on.
    expect(['one-coin', 'mace']).toContain(chooseConsensus(rows).method)
  })

  test('is the majority vote while there is too little to tell', () => {
    const few = biased.rows.slice(0, 100)
    expect(chooseConsensus(few)).toMatchObject({
      method: 'majority',
      state: 'too-little-data',
      scores: [],
      answers: 100,
    })
    expect(chooseConsensus([])).toMatchObject({ method: 'majority', state: 'too-little-data', answers: 0 })
    const single = Array.from({ length: 500 }, (_, unit) => ({ unit, rater: 'ann', value: unit % 2 }))
    expect(chooseConsensus(single)).toMatchObject({ state: 'too-little-data', answers: 0 })
  })

  test('is the majority vote where nothing is shown to be better', () => {
    // Dice: no method foretells them, and no rater is better than another.
    const { rows } = crowdOf(
      'dice',
      Array.from({ length: 8 }, () => coin(1 / 3, 3)),
      100,
    )
    const choice = chooseConsensus(rows, { methods: ['dawid-skene'] })
    expect(choice.method).toBe('majority')
    expect(choice.scores.map(({ method }) => method)).toEqual(['majority', 'dawid-skene'])
  })

  test('is the same for any order of the rows', () => {
    const { scores } = chooseConsensus(biased.rows.toReversed())
    expect(scores).toEqual(chooseConsensus(biased.rows).scores)
  })
})

describe('held-out log-likelihood', () => {
  test.each(CONSENSUS_METHODS)('of %s is that of known probabilities, where everybody always agrees', (method) => {
    const rows = Array.from({ length: 400 }, (_, unit) => unit).flatMap((unit) =>
      ['ann', 'bo', 'cy'].map((rater) => ({ unit, rater, value: unit % 2 === 0 ? 'x' : 'y' })),
    )
    const { logLikelihood, answers } = heldOutLogLikelihood(method, rows)
    expect(answers).toBe(1200)
    // Each answer is foretold for certain, but for what smoothing leaves open: less than 4 of 400 answers.
    expect(logLikelihood).toBeLessThanOrEqual(0)
    expect(logLikelihood).toBeGreaterThan(-0.02)
  })

  test.each(CONSENSUS_METHODS)('of %s cannot be better than that of the truth', (method) => {
    // Answers of fair dice of three sides have the entropy ln 3, whoever foretells them.
    const { rows } = crowdOf(
      'entropy',
      Array.from({ length: 8 }, () => coin(1 / 3, 3)),
    )
    const { logLikelihood = 0, standardError = 0 } = heldOutLogLikelihood(method, rows)
    expect(logLikelihood).toBeLessThan(-Math.log(3) + 4 * standardError)
  })

  test('is near that of the model that answers were drawn from, where there are plenty', () => {
    const { rows, truths } = simulatedCrowd({
      seed: 'plenty',
      units: 2000,
      perUnit: 8,
      prior,
      confusions: Array.from({ length: 8 }, (_, rater) => coin(0.7 + rater / 40, 3)),
    })
    // With eight answers truth is all but known, so that the best is the mean entropy of an answer given the truth.
    const entropy = rows.reduce((sum, { rater, unit, value }) => {
      const skill = 0.7 + Number(rater) / 40
      return sum - Math.log(value === truths[Number(unit)] ? skill : (1 - skill) / 2)
    }, 0)
    const { logLikelihood = 0, standardError = Infinity } = heldOutLogLikelihood('one-coin', rows)
    expect(Math.abs(logLikelihood + entropy / rows.length)).toBeLessThan(0.02)
    expect(standardError).toBeLessThan(0.02)
  })

  test('is a number below 0 for any answers, or undefined where none can be held out', () => {
    fc.assert(
      fc.property(
        anyRows,
        fc.constantFrom(...CONSENSUS_METHODS),
        fc.integer({ min: 2, max: 6 }),
        (rows, method, folds) => {
          const shared = rows.filter((row) => rows.filter(({ unit }) => unit === row.unit).length > 1)
          const { logLikelihood, answers } = heldOutLogLikelihood(method, rows, { folds })
          expect(answers).toBe(shared.length)
          expect(logLikelihood === undefined).toBe(answers === 0)
          expect(logLikelihood ?? 0).toBeLessThanOrEqual(1e-12)
        },
      ),
    )
  })

  test('is the same for any order of the rows', () => {
    fc.assert(
      fc.property(anyRowsTwice, ([rows, others]) => {
        expect(heldOutLogLikelihood('mace', others)).toEqual(heldOutLogLikelihood('mace', rows))
      }),
    )
  })
})

describe('refuses', () => {
  const rows: Rating[] = [{ unit: 1, rater: 1, value: 1 }]

  test.each([
    [{ folds: 1 }, /folds is 1/],
    [{ random: 7 }, /random is 7/],
    [{ level: 1 }, /level is 1/],
    [{ least: 1 }, /least is 1/],
    [{ methods: ['guess'] }, /method is "guess"/],
    [{ methods: 7 }, /methods is 7/],
  ])('%j', (options, cause) => {
    expect(() => chooseConsensus(rows, options as never)).toThrow(refusal('invalid-argument', cause))
  })

  test.each(['guess', undefined, null, 7])('%s for a method', (bad) => {
    expect(() => heldOutLogLikelihood(bad as never, rows)).toThrow(refusal('invalid-argument', /method is/))
  })
})

import fc from 'fast-check'
import { dawidSkene, oneCoin, type Rating } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { chooseConsensus, LEAST_SHARED_UNITS } from '../../src/truth/consensus-choice.ts'
import { heldOutLikelihoods } from '../../src/truth/held-out.ts'
import { coin, crowdAnswers, type Crowd } from './random-crowd.ts'

const BINARY: Crowd = {
  classes: ['ham', 'spam'],
  prior: [0.6, 0.4],
  confusion: [0.95, 0.9, 0.7, 0.65].map((s) => coin(s, 2)),
}

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
  test('the majority where there is too little data, and it has no probabilities', () => {
    const { rows } = crowdAnswers(BINARY, LEAST_SHARED_UNITS - 1, 3, 1)
    const { choice, beliefOf } = chooseConsensus(rows)
    expect(choice).toEqual({
      ...{ method: 'majority', units: 49, annotators: 4, answers: 147 },
      trials: [
        { method: 'majority' },
        { method: 'one-coin', refused: 'too-little-data' },
        { method: 'dawid-skene', refused: 'too-little-data' },
      ],
    })
    expect(beliefOf(0)).toEqual({ method: 'majority' })
  })

  test('the majority where two annotators are all there are', () => {
    const two = { ...BINARY, confusion: BINARY.confusion.slice(0, 2) }
    expect(chooseConsensus(crowdAnswers(two, 300, 2, 1).rows).choice.method).toBe('majority')
  })

  test('one skill each for a crowd that is made so, and its figures are those of its fit', () => {
    const { rows } = crowdAnswers(BINARY, 400, 3, 2)
    const { choice, beliefOf } = chooseConsensus(rows)
    const { iterations, converged, logLikelihood, of } = oneCoin(rows)
    expect(choice).toMatchObject({ method: 'one-coin', iterations, converged, logLikelihood })
    expect(beliefOf(7)).toEqual({ method: 'one-coin', probability: of(7).probability })
    expect(beliefOf(4000)).toEqual({ method: 'one-coin' })
  })

  test('a confusion matrix each for a crowd that is made so', () => {
    const { rows } = crowdAnswers(CONFUSED, 400, 4, 3)
    const { choice, beliefOf } = chooseConsensus(rows)
    expect(choice.method).toBe('dawid-skene')
    expect(choice.trials.map(({ refused }) => refused)).toEqual(['not-better', 'not-better', undefined])
    expect(beliefOf(5).probability).toEqual(dawidSkene(rows).of(5).probability)
  })

  test('never a fit whose labels may have changed places', () => {
    const wrong: Crowd = { ...BINARY, confusion: [0.5, 0.5, 0.5, 0.5].map((skill) => coin(skill, 2)) }
    const { choice } = chooseConsensus(crowdAnswers(wrong, 300, 4, 4).rows)
    const taken = choice.trials.find(({ refused }) => refused === undefined)
    expect(taken?.method).toBe(choice.method)
    if (choice.method === 'dawid-skene') expect(choice.converged).toBe(true)
  })
})

test('the order of the rows changes nothing, to the last bit', () => {
  const { rows } = crowdAnswers(CONFUSED, 120, 3, 5)
  const { choice, beliefOf } = chooseConsensus(rows)
  fc.assert(
    fc.property(fc.shuffledSubarray([...rows.keys()], { minLength: rows.length }), (order) => {
      const shuffled = chooseConsensus(order.flatMap((index) => rows[index] ?? []))
      expect(shuffled.choice).toEqual(choice)
      expect(shuffled.beliefOf(11)).toEqual(beliefOf(11))
    }),
    { numRuns: 5 },
  )
})

test('held-out likelihoods are sums over all truths of what the fit of the others says', () => {
  const units = Map.groupBy(crowdAnswers(CONFUSED, 25, 3, 6).rows, ({ unit }) => unit)
  const lists: readonly (readonly Rating[])[] = [...units.values()]
  const heldOut = heldOutLikelihoods(lists)
  // Unit 7 comes in the third of five parts; in heldOut after the five each of parts one and two.
  const others = lists.filter((_, index) => index % 5 !== 2).flat()
  const answers = lists[7] ?? []
  const at = 10 + 1

  const coins = oneCoin(others)
  const matrices = dawidSkene(others)
  const size = matrices.classes.length
  let byCoin = 0
  let alike = 0
  let byMatrix = 0
  for (let truth = 0; truth < size; truth += 1) {
    let [one, same, matrix] = [coins.prior[truth] ?? 0, coins.prior[truth] ?? 0, matrices.prior[truth] ?? 0]
    for (const { rater, value } of answers) {
      const answer = coins.classes.indexOf(value)
      const skill = coins.skill[coins.raters.indexOf(rater)] ?? 0
      one *= answer === truth ? skill : (1 - skill) / (size - 1)
      same *= answer === truth ? coins.pooledSkill : (1 - coins.pooledSkill) / (size - 1)
      matrix *= matrices.confusion[(matrices.raters.indexOf(rater) * size + truth) * size + answer] ?? 0
    }
    byCoin += one
    alike += same
    byMatrix += matrix
  }
  expect(heldOut['one-coin'][at]).toBeCloseTo(Math.log(byCoin), 9)
  expect(heldOut.majority[at]).toBeCloseTo(Math.log(alike), 9)
  // What a fit takes for impossible is taken for one in a million.
  expect(heldOut['dawid-skene'][at]).toBeCloseTo(Math.log(byMatrix), 3)
})

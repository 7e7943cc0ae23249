import { bayesianTruthSerum, surprisinglyPopular } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { near } from './near.ts'

const { log } = Math

describe('Bayesian Truth Serum', () => {
  test('is worked out by hand for two answers', () => {
    // Three of four say 0. They predict .8, .6, .5, and the one who says 1 predicts .5.
    const input = {
      answers: [0, 0, 0, 1],
      predictions: [
        [0.8, 0.2],
        [0.6, 0.4],
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    }
    const scores = bayesianTruthSerum({ ...input, alpha: 1 })
    // Geometric means: (.8 · .6 · .5 · .5)^¼ = .12^¼ and (.2 · .4 · .5 · .5)^¼ = .02^¼.
    const common = log(0.75) - log(0.12) / 4
    const rare = log(0.25) - log(0.02) / 4
    expect(scores.map(({ information }) => information)).toEqual(near([common, common, common, rare], 1e-12))
    const accuracy = (first: number) => 0.75 * log(first / 0.75) + 0.25 * log((1 - first) / 0.25)
    expect(scores.map(({ prediction }) => prediction)).toEqual(near([0.8, 0.6, 0.5, 0.5].map(accuracy), 1e-12))
    expect(scores.map(({ total }) => total)).toEqual(
      near(
        scores.map((score) => score.information + score.prediction),
        1e-12,
      ),
    )
    expect(scores.reduce((sum, { total }) => sum + total, 0)).toBeCloseTo(0, 12)
    const half = bayesianTruthSerum({ ...input, alpha: 0.5 })
    expect(half.map(({ total }) => total)).toEqual(
      near(
        scores.map((score) => score.information + score.prediction / 2),
        1e-12,
      ),
    )
  })

  test('gives nothing where all predict what happens', () => {
    const scores = bayesianTruthSerum({
      answers: [0, 1, 1, 2],
      predictions: Array.from({ length: 4 }, () => [0.25, 0.5, 0.25]),
    })
    for (const { information, prediction, total } of scores)
      expect([information, prediction, total]).toEqual(near([0, 0, 0], 1e-12))
  })

  test('leaves out classes that nobody answered', () => {
    // The share of the third class is lost to the prediction: ½ ln(.4 / .5) twice.
    const scores = bayesianTruthSerum({
      answers: [0, 1],
      predictions: Array.from({ length: 2 }, () => [0.4, 0.4, 0.2]),
    })
    for (const { information, prediction } of scores) {
      expect([information, prediction]).toEqual(near([log(0.5 / 0.4), log(0.4 / 0.5)], 1e-12))
    }
  })

  test('takes a predicted 0 for the floor', () => {
    const input = {
      answers: [0, 1],
      predictions: [
        [1, 0],
        [0.5, 0.5],
      ],
    }
    const raised = [
      [1 / 1.01, 0.01 / 1.01],
      [0.5, 0.5],
    ]
    expect(bayesianTruthSerum(input)).toEqual(bayesianTruthSerum({ ...input, predictions: raised, floor: 0.005 }))
    const [first] = bayesianTruthSerum({ ...input, floor: 0.25 })
    // (1, 0) becomes (.8, .2).
    expect(first?.information).toBeCloseTo(log(0.5) - log(0.8 * 0.5) / 2, 12)
    // With 50 classes, 1 % each would be half of all.
    const many = Array.from({ length: 50 }, (_, code) => (code === 0 ? 1 : 0))
    const [score] = bayesianTruthSerum({ answers: [0, 0], predictions: [many, many] })
    expect(score?.information).toBeCloseTo(log(1 + 49 * 0.002), 12)
  })

  test('scores sum to nothing at alpha 1, whatever is answered and predicted', () => {
    const respondents = fc
      .integer({ min: 1, max: 6 })
      .chain((classCount) =>
        fc.array(
          fc.tuple(
            fc.integer({ min: 0, max: classCount - 1 }),
            fc.array(fc.integer({ min: 0, max: 9 }), { minLength: classCount, maxLength: classCount }),
          ),
          { minLength: 1, maxLength: 12 },
        ),
      )
    fc.assert(
      fc.property(respondents, (list) => {
        const predictions = list.map(([, weights]) => {
          const total = weights.reduce((a, b) => a + b, 0)
          return weights.map((weight) => (total === 0 ? 1 / weights.length : weight / total))
        })
        const scores = bayesianTruthSerum({ answers: list.map(([answer]) => answer), predictions })
        expect(scores.reduce((sum, { total }) => sum + total, 0)).toBeCloseTo(0, 9)
      }),
    )
  })

  test.each([0, 1])(
    'pays one whose opinion is %i more for saying so than for the other, as the paper proves',
    (opinion) => {
      // Of 1,000 people 700 or 400 hold opinion 0, and nobody knows which. Bayes: those who hold it think the former with
      // 7/11, and so predict 700 · 7/11 + 400 · 4/11 of 1,000; the others with 3/9, and predict 500.
      const worlds = [
        { holders: 700, belief: opinion === 0 ? 7 / 11 : 3 / 9 },
        { holders: 400, belief: opinion === 0 ? 4 / 11 : 6 / 9 },
      ]
      const predicted = [(0.7 * 7 + 0.4 * 4) / 11, 0.5].map((share) => [share, 1 - share])
      const expected = (said: number) =>
        worlds.reduce((sum, { holders, belief }) => {
          const opinions = Array.from({ length: 1000 }, (_, person) => Number(person >= holders))
          const person = opinions.indexOf(opinion)
          const predictions = opinions.map((held) => predicted[held] ?? [])
          const scores = bayesianTruthSerum({ answers: opinions.with(person, said), predictions })
          return sum + belief * (scores[person]?.total ?? Number.NaN)
        }, 0)
      expect(expected(opinion)).toBeGreaterThan(expected(1 - opinion) + 0.01)
    },
  )
})

describe('the surprisingly popular answer', () => {
  test('is Harrisburg: most say that Philadelphia is the capital, and all predict that more do', () => {
    // The example of Prelec, Seung and McCoy 2017: yes = 0.
    const result = surprisinglyPopular({
      answers: [0, 0, 0, 1, 1],
      predictions: [
        [0.9, 0.1],
        [0.8, 0.2],
        [0.7, 0.3],
        [0.8, 0.2],
        [0.8, 0.2],
      ],
    })
    expect([result.answer, result.tied]).toEqual([1, false])
    expect([...result.shares]).toEqual(near([0.6, 0.4], 1e-12))
    expect([...result.predicted]).toEqual(near([0.8, 0.2], 1e-12))
    expect([...result.surprise]).toEqual(near([-0.2, 0.2], 1e-12))
  })

  test('is the more popular of equally surprising ones, and else reported as a draw', () => {
    expect(
      surprisinglyPopular({ answers: [0, 1, 1, 1], predictions: Array.from({ length: 4 }, () => [0.25, 0.75]) }),
    ).toMatchObject({
      answer: 1,
      tied: false,
    })
    expect(
      surprisinglyPopular({ answers: [0, 1], predictions: Array.from({ length: 2 }, () => [0.5, 0.5]) }),
    ).toMatchObject({
      answer: 0,
      tied: true,
      leaders: [0, 1],
    })
  })
})

describe('refuses', () => {
  const good = {
    answers: [0, 1],
    predictions: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  }

  test.each([
    [null, 'invalid-argument', /The input is null/],
    [{ ...good, answers: 7 }, 'invalid-argument', /answers is 7/],
    [{ ...good, answers: [0] }, 'length-mismatch', /answers has 1 entries and predictions has 2/],
    [{ ...good, answers: [0, 2] }, 'invalid-argument', /answers\[1\] is 2/],
    [{ ...good, answers: [0, 0.5] }, 'invalid-argument', /answers\[1\] is 0.5/],
    [{ answers: [], predictions: [] }, 'no-data', /Nobody answered/],
    [{ ...good, predictions: [[0.5, 0.5], [1]] }, 'length-mismatch', /predictions\[1\] has 1 shares, and 2/],
    [{ answers: [0], predictions: [[]] }, 'length-mismatch', /predictions\[0\] has 0 shares/],
    [
      {
        ...good,
        predictions: [
          [0.5, 0.5],
          [1.5, -0.5],
        ],
      },
      'invalid-argument',
      /predictions\[1\]\[1\] is -0.5/,
    ],
    [
      {
        ...good,
        predictions: [
          [50, 50],
          [0.5, 0.5],
        ],
      },
      'invalid-argument',
      /The sum of predictions\[0\] is 100/,
    ],
    [
      {
        ...good,
        predictions: [
          [Number.NaN, 1],
          [0.5, 0.5],
        ],
      },
      'invalid-argument',
      /predictions\[0\]\[0\] is NaN/,
    ],
  ] as const)('%j', (input, code, cause) => {
    expect(() => bayesianTruthSerum(input as never)).toThrow(refusal(code, cause))
    expect(() => surprisinglyPopular(input as never)).toThrow(refusal(code, cause))
  })

  test.each([
    [{ alpha: -1 }, /alpha is -1/],
    [{ alpha: Number.NaN }, /alpha is NaN/],
    [{ floor: 0 }, /floor is 0/],
    [{ floor: 0.6 }, /floor is 0.6/],
  ])('%j', (options, cause) => {
    expect(() => bayesianTruthSerum({ ...good, ...options })).toThrow(refusal('invalid-argument', cause))
  })
})

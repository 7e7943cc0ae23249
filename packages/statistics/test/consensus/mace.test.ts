import { mace, majorityVote, oneCoin, wilsonInterval } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { near } from './near.ts'
import { anyRows, anyRowsTwice, coin, simulatedCrowd } from './random-answers.ts'

const total = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0)

describe('laws', () => {
  test('confusion is skill on the diagonal and habit everywhere', () => {
    fc.assert(
      fc.property(anyRows, fc.constantFrom(0, 4), (rows, smoothing) => {
        const { raters, classes, confusion, skill, habit } = mace(rows, { smoothing, iterations: 30 })
        const expected = raters.flatMap((_, rater) =>
          classes.flatMap((_, truth) =>
            classes.map((_, answer) => {
              const own = skill[rater] ?? 0
              return (truth === answer ? own : 0) + (1 - own) * (habit[rater * classes.length + answer] ?? 0)
            }),
          ),
        )
        expect([...confusion]).toEqual(near(expected, 1e-12))
        for (let row = 0; row < confusion.length; row += classes.length) {
          expect(total(confusion.subarray(row, row + classes.length))).toBeCloseTo(1, 12)
        }
      }),
    )
  })

  test('probabilities and log-likelihood are those of the parameters that come with them', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { raters, classes, units, prior, confusion, ...fit } = mace(rows, { iterations: 10 })
        let logLikelihood = 0
        const posterior = units.flatMap((unit) => {
          const joint = classes.map((_, truth) =>
            rows
              .filter((row) => row.unit === unit)
              .reduce((product, { rater, value }) => {
                const row = raters.indexOf(rater) * classes.length + truth
                return product * (confusion[row * classes.length + classes.indexOf(value)] ?? 0)
              }, prior[truth] ?? 0),
          )
          logLikelihood += Math.log(total(joint))
          return joint.map((value) => value / total(joint))
        })
        expect([...fit.posterior]).toEqual(near(posterior, 1e-9))
        expect(fit.logLikelihood).toBeCloseTo(logLikelihood, 9)
      }),
    )
  })

  test('no round lowers the log-likelihood', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        let last = -Infinity
        for (let iterations = 0; iterations <= 15; iterations += 1) {
          const { logLikelihood } = mace(rows, { smoothing: 0, tolerance: 0, iterations })
          expect(logLikelihood).toBeGreaterThanOrEqual(last - 1e-10)
          last = logLikelihood
        }
      }),
    )
  })

  test('the order of the rows changes no bit', () => {
    fc.assert(
      fc.property(anyRowsTwice, ([rows, others]) => {
        const [one, other] = [mace(rows), mace(others)]
        for (const figure of ['posterior', 'prior', 'skill', 'habit'] as const)
          expect(other[figure]).toEqual(one[figure])
      }),
    )
  })
})

/** Six who look and six who do not: three of these always say the second class, three roll dice. */
const always = (answer: number) => coin(1, 4).map((_, __, rows) => rows[answer] ?? [])
const lookers = Array.from({ length: 6 }, () => coin(0.8, 4))
const others = [always(1), always(1), always(1), coin(0.25, 4), coin(0.25, 4), coin(0.25, 4)]
const crowd = simulatedCrowd({
  seed: 'habits',
  units: 1500,
  perUnit: 6,
  prior: [0.4, 0.3, 0.2, 0.1],
  confusions: [...lookers, ...others],
})

test('tells those who look from those who answer by habit', () => {
  const fit = mace(crowd.rows, { smoothing: 0 })
  for (const [rater, skill] of fit.skill.entries()) {
    // 0.8 right is 11/15 by looking and 1/4 of the rest by chance; about 750 answers each.
    const expected = rater < 6 ? 11 / 15 : 0
    const [low, high] = wilsonInterval(expected * 750, 750, { level: 0.9999 })
    expect(skill).toBeGreaterThanOrEqual(low - 0.02)
    expect(skill).toBeLessThanOrEqual(high + 0.02)
  }
  expect(fit.habit[6 * 4 + 1]).toBeGreaterThan(0.99)
})

test('settles more units of such a crowd rightly than votes or single skills do', () => {
  const right = ({ of }: ReturnType<typeof majorityVote>) =>
    crowd.truths.filter((truth, unit) => of(unit).label === truth).length
  // The difference of two counts over the same 1,500 units has a standard deviation below √1500.
  expect(right(mace(crowd.rows))).toBeGreaterThan(right(majorityVote(crowd.rows)) + 3 * Math.sqrt(1500))
  expect(right(mace(crowd.rows))).toBeGreaterThanOrEqual(right(oneCoin(crowd.rows)))
})

describe('ends only where skills have come to rest as well as truths', () => {
  /** 24 raters answer all of 60 units: truths are certain at once, who looks and who answers by habit is not. */
  const rows = Array.from({ length: 60 * 24 }, (_, index) => {
    const [unit, rater] = [Math.floor(index / 24), index % 24]
    const truth = unit % 3
    const byHabit = rater < 4 && (unit * 7 + rater * 11) % 13 < 10
    const wrong = rater >= 4 && (unit * 5 + rater * 3) % (rater + 2) === 0
    const mistaken = wrong ? (truth + 1 + ((unit + rater) % 2)) % 3 : truth
    return { unit, rater, value: byHabit ? rater % 3 : mistaken }
  })

  test('in answers of many raters', () => {
    // 400 rounds of the same equations, written down in numpy.
    const fit = mace(rows)
    expect(fit.converged).toBe(true)
    expect(fit.logLikelihood).toBeCloseTo(-444.619159609, 4)
    const skills = [0.265301289, 0.288042443, 0.288042443, 0.265301289, 0.749308566, 0.799221442, 0.821932816]
    expect(Array.from(fit.skill.slice(0, 7))).toEqual(near(skills, 1e-6))
  })

  test('where two raters contradict each other and the truth stays even', () => {
    // Both by habit explains everything: the likelihood of 1 that this has is the greatest there is.
    const contrary = ['x', 'y'].map((value, rater) => ({ unit: 0, rater, value }))
    const fit = mace(contrary, { smoothing: 0 })
    expect([...fit.posterior]).toEqual([0.5, 0.5])
    expect([...fit.skill, fit.logLikelihood]).toEqual(near([0, 0, 0], 1e-6))
  })
})

test('of no answers has nothing to say', () => {
  expect(mace([])).toMatchObject({ units: [], raters: [], logLikelihood: 0, converged: true })
})

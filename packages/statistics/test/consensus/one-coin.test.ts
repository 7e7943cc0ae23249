import { dawidSkene, oneCoin, wilsonInterval } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { near } from './near.ts'
import { otherLibraries, theirRows } from './other-libraries.ts'
import { anyRows, anyRowsTwice, coin, simulatedCrowd } from './random-answers.ts'

test('has the parameters of crowd-kit after as many rounds, and its probabilities one round earlier', () => {
  const { prior, skill, probability } = otherLibraries.crowdKit.oneCoin
  const fit = oneCoin(theirRows, { iterations: 5, tolerance: 0, smoothing: 0 })
  expect(fit.raters).toEqual(otherLibraries.raters)
  expect([...fit.prior]).toEqual(near(prior, 1e-9))
  expect([...fit.skill]).toEqual(near(skill, 1e-9))
  expect([...fit.posterior]).toEqual(
    near(
      fit.units.flatMap((unit) => probability[unit] ?? []),
      1e-8,
    ),
  )
})

/** ln P of the answers at the parameters of a fit, and P(truth | answers), by the definition. */
function byDefinition(rows: Parameters<typeof oneCoin>[0], fit: ReturnType<typeof oneCoin>) {
  const { classes, raters, units, prior, skill } = fit
  const answers = [...(rows as Iterable<{ unit: unknown; rater: unknown; value: unknown }>)]
  let logLikelihood = 0
  const posterior = units.flatMap((unit) => {
    const joint = classes.map((truth, code) =>
      answers
        .filter((answer) => answer.unit === unit)
        .reduce((product, { rater, value }) => {
          const right = skill[raters.indexOf(rater as string)] ?? 0
          return product * (value === truth ? right : (1 - right) / (classes.length - 1))
        }, prior[code] ?? 0),
    )
    const total = joint.reduce((a, b) => a + b, 0)
    logLikelihood += Math.log(total)
    return joint.map((value) => value / total)
  })
  return { logLikelihood, posterior }
}

describe('laws', () => {
  test('probabilities and log-likelihood are those of the parameters that come with them', () => {
    fc.assert(
      fc.property(anyRows, fc.constantFrom(0, 4), (rows, smoothing) => {
        const fit = oneCoin(rows, { smoothing, iterations: 20 })
        fc.pre(fit.classes.length > 1)
        const expected = byDefinition(rows, fit)
        expect([...fit.posterior]).toEqual(near(expected.posterior, 1e-9))
        expect(fit.logLikelihood).toBeCloseTo(expected.logLikelihood, 9)
      }),
    )
  })

  test('no round lowers the log-likelihood', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        let last = -Infinity
        for (let iterations = 0; iterations <= 15; iterations += 1) {
          const { logLikelihood } = oneCoin(rows, { smoothing: 0, tolerance: 0, iterations })
          expect(logLikelihood).toBeGreaterThanOrEqual(last - 1e-10)
          last = logLikelihood
        }
      }),
    )
  })

  test('the order of the rows changes no bit', () => {
    fc.assert(
      fc.property(anyRowsTwice, fc.constantFrom(0, 4), ([rows, others], smoothing) => {
        const [one, other] = [oneCoin(rows, { smoothing }), oneCoin(others, { smoothing })]
        for (const figure of ['posterior', 'prior', 'skill'] as const) expect(other[figure]).toEqual(one[figure])
        expect(other.logLikelihood).toBe(one.logLikelihood)
      }),
    )
  })

  test('of one class alone is sure of it', () => {
    const fit = oneCoin([1, 2, 3].map((unit) => ({ unit, rater: 'ann', value: 'x' })))
    expect([[...fit.posterior], [...fit.skill], fit.logLikelihood]).toEqual([[1, 1, 1], [1], 0])
  })

  test('of no answers has nothing to say', () => {
    expect(oneCoin([])).toMatchObject({ units: [], raters: [], logLikelihood: 0, pooledSkill: 0, converged: true })
  })
})

test('finds the skills that answers were drawn with, as near as their number allows', () => {
  const skills = [0.95, 0.9, 0.8, 0.6, 0.25]
  const { rows, truths } = simulatedCrowd({
    seed: 'coins',
    units: 2000,
    perUnit: 5,
    prior: [0.4, 0.3, 0.2, 0.1],
    confusions: skills.map((skill) => coin(skill, 4)),
  })
  const fit = oneCoin(rows, { smoothing: 0 })
  for (const rater of skills.keys()) {
    const right = rows.filter((row) => row.rater === rater && row.value === truths[Number(row.unit)]).length
    const [low, high] = wilsonInterval(right, 2000, { level: 0.9999 })
    expect(fit.skill[rater]).toBeGreaterThan(low)
    expect(fit.skill[rater]).toBeLessThan(high)
  }
})

test('units of so many answers that products vanish come out as with matrices of the same numbers', () => {
  // Everybody errs alike, so both models have the same likeliest parameters.
  const rows = [0, 1].flatMap((unit) =>
    Array.from({ length: 3000 }, (_, index) => ({ unit, rater: 'all', value: index % 5 === 0 ? 1 - unit : unit })),
  )
  const [one, other] = [oneCoin(rows, { smoothing: 0 }), dawidSkene(rows, { smoothing: 0 })]
  expect([...one.posterior]).toEqual(near(other.posterior, 1e-9))
  expect(one.logLikelihood).toBeCloseTo(other.logLikelihood, 6)
  expect([...one.skill]).toEqual([0.8])
})

test('refuses what is no number from 0 on', () => {
  expect(() => oneCoin([], { smoothing: -1 })).toThrow(refusal('invalid-argument', /smoothing is -1/))
})

import { chooseConsensus, dawidSkene, mace, majorityVote, type Rating, wilsonInterval } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { anaesthetistRows, published } from './anaesthetists.ts'
import { naiveDawidSkene } from './naive-dawid-skene.ts'
import { near } from './near.ts'
import { otherLibraries, theirRows } from './other-libraries.ts'
import { anyRows, anyRowsTwice, simulatedCrowd } from './random-answers.ts'

const plain = { smoothing: 0, tolerance: 1e-13, iterations: 2000 }

/** Raters × truth × answer as nested lists. */
function confusions({ confusion, raters, classes }: ReturnType<typeof dawidSkene>): number[][][] {
  const count = classes.length
  return raters.map((_, rater) =>
    classes.map((_, truth) => {
      const start = (rater * count + truth) * count
      return [...confusion.subarray(start, start + count)]
    }),
  )
}

describe('of the anaesthetists of Dawid and Skene 1979', () => {
  const fit = dawidSkene(anaesthetistRows, plain)

  test('has the classes and error rates that the paper publishes', () => {
    expect(fit.converged).toBe(true)
    expect([fit.classes, fit.raters]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
    ])
    // One unit of the paper's last digit: it stopped its iterations earlier than we do.
    expect([...fit.prior]).toEqual(near(published.prior, 0.01))
    expect(confusions(fit).flat(2)).toEqual(near(published.errorRates.flat(2), 0.01))
  })

  test('has the probabilities that the paper publishes, patient by patient', () => {
    for (const [index, name] of Array.from(published.classes).entries()) {
      const { label, tied, probability } = fit.of(index + 1)
      expect([label, tied]).toEqual([Number(name), false])
      const certain = fit.classes.map((key) => (key === label ? 1 : 0))
      const expected = published.uncertain.get(index + 1) ?? certain
      expect(Object.values(probability)).toEqual(near(expected, 0.01))
    }
  })

  test.each([0, 1, 5, 200])('is what the equations of the paper give after %i rounds', (iterations) => {
    const ours = dawidSkene(anaesthetistRows, { smoothing: 0, tolerance: 0, iterations })
    const naive = naiveDawidSkene(anaesthetistRows, ours.classes, iterations)
    expect(ours.iterations).toBe(iterations)
    expect([...ours.prior]).toEqual(near(naive.prior, 1e-12))
    expect(confusions(ours).flat(2)).toEqual(near([...naive.confusion.values()].flat(2), 1e-9))
    expect([...ours.posterior]).toEqual(near([...naive.posterior.values()].flat(), 1e-9))
    expect(ours.logLikelihood).toBeCloseTo(naive.logLikelihood, 9)
  })
})

test('is what the equations give where raters miss units, classes and each other', () => {
  fc.assert(
    fc.property(anyRows, fc.integer({ min: 0, max: 12 }), (rows, iterations) => {
      const ours = dawidSkene(rows, { smoothing: 0, tolerance: 0, iterations })
      const naive = naiveDawidSkene(rows, ours.classes, ours.iterations)
      expect([...ours.posterior]).toEqual(
        near(
          ours.units.flatMap((unit) => naive.posterior.get(unit) ?? []),
          1e-9,
        ),
      )
      expect(confusions(ours).flat(2)).toEqual(
        near(
          ours.raters.flatMap((rater) => naive.confusion.get(rater)?.flat() ?? []),
          1e-9,
        ),
      )
      expect(ours.logLikelihood).toBeCloseTo(naive.logLikelihood, 9)
    }),
  )
})

test('has the parameters of crowd-kit after as many rounds, and its probabilities one round earlier', () => {
  const { raters, classes, crowdKit } = otherLibraries
  const fit = dawidSkene(theirRows, { iterations: 5, tolerance: 0, smoothing: 0 })
  expect(fit.raters).toEqual(raters)
  // It takes 1e-10 for 0.
  expect([...fit.prior]).toEqual(near(crowdKit.dawidSkene.prior, 1e-9))
  expect(confusions(fit).flat(2)).toEqual(
    near(
      raters.flatMap((rater) => classes.flatMap((truth) => crowdKit.dawidSkene.confusion[rater]?.[truth] ?? [])),
      1e-9,
    ),
  )
  expect([...fit.posterior]).toEqual(
    near(
      fit.units.flatMap((unit) => crowdKit.dawidSkene.probability[unit] ?? []),
      1e-8,
    ),
  )
})

test('has them also where raters gave few answers and saw no unit of some classes', () => {
  const answers: readonly (readonly (number | undefined)[])[] = [
    [3],
    [3, 3, 2, 3],
    [1],
    [2, undefined, 0],
    [undefined, undefined, 3],
    [1, 2, 1, 1],
  ]
  const rows = answers.flatMap((own, unit) =>
    own.flatMap((value, rater) => (value === undefined ? [] : { unit, rater, value })),
  )
  const fit = dawidSkene(rows, { iterations: 1, tolerance: 0, smoothing: 0 })
  // crowd-kit 1.4.2: prior and matrix after DawidSkene(n_iter=1), probabilities after n_iter=2.
  expect([...fit.prior]).toEqual(near([0.111111111, 0.311025074, 0.093933389, 0.483930426], 1e-8))
  const second = [
    [0, 0, 0.5, 0.5],
    [0, 0, 1, 0],
    [0, 0, 0.403469, 0.596531],
    [0, 0, 0, 1],
  ]
  expect(confusions(fit)[1]?.flat()).toEqual(near(second.flat(), 1e-6))
  const probabilities = [
    [0, 0, 0.032139149, 0.967860851],
    [0, 0, 0.000875378, 0.999124622],
    [0, 0.933075221, 0.066924779, 0],
    [0.680674621, 0, 0.319325379, 0],
    [0, 0, 0, 1],
    [0, 0.999709242, 0.000290758, 0],
  ]
  expect([...fit.posterior]).toEqual(near(probabilities.flat(), 1e-8))
})

const total = (values: Float64Array) => values.reduce((a, b) => a + b, 0)

describe('laws', () => {
  test('no round lowers the log-likelihood', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        let last = -Infinity
        for (let iterations = 0; iterations <= 15; iterations += 1) {
          const { logLikelihood } = dawidSkene(rows, { smoothing: 0, tolerance: 0, iterations })
          expect(logLikelihood).toBeGreaterThanOrEqual(last - 1e-10)
          last = logLikelihood
        }
      }),
    )
  })

  test('the order of the rows changes no bit', () => {
    fc.assert(
      fc.property(anyRowsTwice, fc.constantFrom(0, 4), ([rows, others], smoothing) => {
        const [one, other] = [dawidSkene(rows, { smoothing }), dawidSkene(others, { smoothing })]
        expect([other.units, other.raters, other.classes]).toEqual([one.units, one.raters, one.classes])
        for (const figure of ['posterior', 'prior', 'confusion'] as const) expect(other[figure]).toEqual(one[figure])
        expect([other.logLikelihood, other.iterations]).toEqual([one.logLikelihood, one.iterations])
      }),
    )
  })

  test('probabilities sum to 1, and so do the rows of every matrix', () => {
    fc.assert(
      fc.property(anyRows, fc.constantFrom(0, 0.5, 4), (rows, smoothing) => {
        const fit = dawidSkene(rows, { smoothing, iterations: 50 })
        expect(total(fit.prior)).toBeCloseTo(1, 12)
        for (const table of [fit.posterior, fit.confusion, fit.pooledConfusion]) {
          for (let start = 0; start < table.length; start += fit.classes.length) {
            expect(total(table.subarray(start, start + fit.classes.length))).toBeCloseTo(1, 12)
          }
        }
      }),
    )
  })

  test('those who always agree are right, whatever they say', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }), (values) => {
        const rows = values.flatMap((value, unit) => ['ann', 'bo', 'cy'].map((rater) => ({ unit, rater, value })))
        const fit = dawidSkene(rows, { smoothing: 0 })
        for (const [unit, value] of values.entries()) expect(fit.of(unit).probability[value]).toBe(1)
        // Exact: the likelihood is that of drawing the values from their own shares.
        const shares = fit.classes.map((name) => values.filter((value) => value === name).length / values.length)
        const entropy = shares.reduce((sum, share) => sum - share * Math.log(share), 0)
        expect(fit.logLikelihood).toBeCloseTo(-values.length * entropy, 9)
        expect([fit.converged, fit.unclear]).toEqual([true, []])
      }),
    )
  })

  test('units of so many answers that products vanish come out as the equations say', () => {
    const rows = Array.from({ length: 4 }, (_, unit) =>
      Array.from({ length: 900 }, (_, index) => ({
        unit,
        rater: index % 30,
        value: (unit + (index % 7 < 2 ? 1 : 0)) % 4,
      })),
    ).flat()
    const ours = dawidSkene(rows, { smoothing: 0, tolerance: 0, iterations: 5 })
    const naive = naiveDawidSkene(rows, ours.classes, ours.iterations)
    expect([...ours.posterior]).toEqual(near([...naive.posterior.values()].flat(), 1e-9))
    expect(ours.logLikelihood).toBeCloseTo(naive.logLikelihood, 6)
  })
})

/** Four raters: two careful ones, one who takes every 2 for a 1, one who answers 0 to everything. */
const crowd = simulatedCrowd({
  seed: 'confusions',
  units: 3000,
  perUnit: 4,
  prior: [0.5, 0.3, 0.2],
  confusions: [
    [
      [0.9, 0.05, 0.05],
      [0.05, 0.9, 0.05],
      [0.05, 0.05, 0.9],
    ],
    [
      [0.8, 0.1, 0.1],
      [0.1, 0.8, 0.1],
      [0.1, 0.1, 0.8],
    ],
    [
      [0.85, 0.15, 0],
      [0.1, 0.9, 0],
      [0, 0.9, 0.1],
    ],
    [
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
    ],
  ],
})

test('finds the matrices that answers were drawn from, as near as their number allows', () => {
  const fit = dawidSkene(crowd.rows, plain)
  const units = crowd.truths.map((truth, unit) => ({ truth, unit }))
  for (const [rater, matrix] of confusions(fit).entries()) {
    for (const [truth, row] of matrix.entries()) {
      const own = crowd.rows.filter((answer) => answer.rater === rater && crowd.truths[Number(answer.unit)] === truth)
      for (const [answer, share] of row.entries()) {
        // The share among units whose truth is known is binomial; that of the fit has to find the truth besides.
        const count = own.filter(({ value }) => value === answer).length
        const [low, high] = wilsonInterval(count, own.length, { level: 0.9999 })
        expect(share).toBeGreaterThan(low - 0.02)
        expect(share).toBeLessThan(high + 0.02)
      }
    }
  }
  const right = (of: (unit: number) => { label: unknown }) =>
    units.filter(({ truth, unit }) => of(unit).label === truth).length
  // The best that anybody can do knows the matrices; one who counts heads is deceived by the last two raters.
  expect(right(fit.of)).toBeGreaterThan(right(majorityVote(crowd.rows).of) + 100)
})

test('says that a class cannot be told where raters name it by another', () => {
  // Where truth is "hot", three of four say "warm", and the votes for "hot" always come from one and the same rater.
  const rows: Rating[] = Array.from({ length: 60 }, (_, unit) => unit).flatMap((unit) => [
    { unit, rater: 'a', value: unit % 3 === 0 ? 'hot' : 'warm' },
    { unit, rater: 'b', value: 'warm' },
    { unit, rater: 'c', value: unit % 3 === 0 && unit % 2 === 0 ? 'cool' : 'warm' },
  ])
  const fit = dawidSkene(rows, { smoothing: 0 })
  const pooled = (truth: number) => [...fit.pooledConfusion.subarray(truth * 3, truth * 3 + 3)]
  const expected = fit.classes.filter((_, truth) =>
    pooled(truth).some((p, other) => other !== truth && p >= (pooled(truth)[truth] ?? 0)),
  )
  expect(fit.unclear).toEqual(expected)
  expect(fit.unclear).toContain('hot')
  expect(fit.unclear).not.toContain('warm')
})

test('tells where it stopped short', () => {
  expect(dawidSkene(crowd.rows, { iterations: 2 })).toMatchObject({ iterations: 2, converged: false })
  expect(dawidSkene(crowd.rows).converged).toBe(true)
})

test('of no answers has nothing to say', () => {
  const fit = dawidSkene([])
  expect([fit.units, fit.classes, fit.raters, [...fit.posterior], fit.logLikelihood]).toEqual([[], [], [], [], 0])
  expect(fit.converged).toBe(true)
})

describe('refuses', () => {
  test.each([
    { iterations: -1 },
    { iterations: 1.5 },
    { tolerance: -1 },
    { tolerance: Number.NaN },
    { smoothing: -1 },
    { smoothing: Infinity },
  ])('%j', (options) => {
    expect(() => dawidSkene(anaesthetistRows, options)).toThrow(
      refusal('invalid-argument', new RegExp(`^${Object.keys(options)[0]} is`)),
    )
  })

  test('options that are no object, and a unit that nobody answered', () => {
    expect(() => dawidSkene(anaesthetistRows, 5 as never)).toThrow(refusal('invalid-argument', /options/))
    expect(() => dawidSkene(anaesthetistRows).of(46)).toThrow(refusal('unknown-unit', /Nobody answered unit 46/))
    expect(() => dawidSkene(anaesthetistRows).of('1')).toThrow(refusal('unknown-unit', /Nobody answered unit "1"/))
    for (const bad of [null, undefined, Number.NaN, 3n, {}]) {
      expect(() => dawidSkene(anaesthetistRows).of(bad as never)).toThrow(refusal('invalid-argument', /unit is/))
    }
  })

  test('matrices that no memory holds, where one skill per rater still does', () => {
    const texts = Array.from({ length: 8200 }, (_, unit) => ({ unit, rater: 'ann', value: `free text ${unit}` }))
    for (const method of [dawidSkene, mace]) {
      expect(() => method(texts)).toThrow(refusal('too-many-classes', /^1 raters and 8200 classes/))
    }
    const few = texts.slice(0, 300).flatMap((row) => [row, { ...row, rater: 'bo' }])
    const raters = Array.from({ length: 800 }, (_, rater) => ({
      unit: 'last',
      rater: `r${rater}`,
      value: few[0]?.value ?? '',
    }))
    const choice = chooseConsensus([...few, ...raters], { folds: 2 })
    expect(choice.scores.map(({ method }) => method)).toEqual(['majority', 'agreement-weighted', 'one-coin'])
  })
})

import { inversePropensityEstimate, seededRandom, selfNormalizedEstimate } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coverage } from './coverage.ts'
import { refusal } from './refusal.ts'

const VALUES = [3, 1, 4, 1, 5, 9]
const PROPENSITIES = [0.5, 0.25, 0.5, 0.1, 0.9, 0.2]

const units = fc.array(
  fc.record({
    value: fc.double({ min: -100, max: 100, noNaN: true }),
    propensity: fc.double({ min: 0.05, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 9 },
)

type Unit = { value: number; propensity: number }

function lists(list: readonly Unit[]): [number[], number[]] {
  return [list.map(({ value }) => value), list.map(({ propensity }) => propensity)]
}

/** Every sample that can be revealed, with its probability. */
function samples(list: readonly Unit[]): { probability: number; revealed: Unit[] }[] {
  return Array.from({ length: 2 ** list.length }, (_, mask) => {
    const chosen = list.map((_, index) => Math.floor(mask / 2 ** index) % 2 === 1)
    return {
      revealed: list.filter((_, index) => chosen[index]),
      probability: list.reduce(
        (product, { propensity }, at) => product * (chosen[at] ? propensity : 1 - propensity),
        1,
      ),
    }
  })
}

describe('Horvitz and Thompson’s estimate', () => {
  test('is the sum of value / propensity over the population', () => {
    // NumPy and SciPy 1.17: Student's deviate at effective size 3.8696 − 1, variance Σ (1 − p) (v / p)² / 40².
    const { estimate, interval, effectiveSampleSize } = inversePropensityEstimate(VALUES, PROPENSITIES, {
      population: 40,
    })
    expect(estimate).toBeCloseTo(1.963888888888889, 12)
    expect(effectiveSampleSize).toBeCloseTo(3.869586654614183, 12)
    expect(interval?.[0]).toBeCloseTo(-1.4760155855842272, 9)
    expect(interval?.[1]).toBeCloseTo(5.403793363362006, 9)
  })

  test('takes the listed units for the whole population when no size is given', () => {
    // (1 / .5 + 0 / .25 + 1 / .25) / 3.
    expect(inversePropensityEstimate([1, 0, 1], [0.5, 0.25, 0.25]).estimate).toBe(2)
  })

  test('is unbiased: over all samples that can be revealed it averages to the mean', () => {
    fc.assert(
      fc.property(units, (list) => {
        const mean = list.reduce((sum, { value }) => sum + value, 0) / list.length
        const expected = samples(list).reduce((sum, { probability, revealed }) => {
          // Nothing revealed is no estimate; its contribution to the expectation is 0.
          const { estimate = 0 } = inversePropensityEstimate(...lists(revealed), { population: list.length })
          return sum + probability * estimate
        }, 0)
        expect(expected).toBeCloseTo(mean, 8)
      }),
      { numRuns: 30 },
    )
  })

  test('is exact when every unit is revealed with certainty', () => {
    expect(inversePropensityEstimate([2, 4], [1, 1])).toEqual({ estimate: 3, interval: [3, 3], effectiveSampleSize: 2 })
  })

  test('has no interval where the listed units hide the rest', () => {
    expect(inversePropensityEstimate([2, 4], [1, 1], { population: 3 }).interval).toBeUndefined()
    expect(inversePropensityEstimate([0, 0, 0], [0.5, 0.5, 0.5]).interval).toBeUndefined()
    expect(inversePropensityEstimate([1], [0.5]).interval).toBeUndefined()
  })
})

describe('Hájek’s estimate', () => {
  test('is the weighted mean', () => {
    // NumPy and SciPy 1.17, with the linearised variance times 6 / 5.
    const { estimate, interval, effectiveSampleSize } = selfNormalizedEstimate(VALUES, PROPENSITIES)
    expect(estimate).toBeCloseTo(3.2580645161290325, 12)
    expect(effectiveSampleSize).toBeCloseTo(3.869586654614183, 12)
    expect(interval?.[0]).toBeCloseTo(-1.8412433494059965, 9)
    expect(interval?.[1]).toBeCloseTo(8.357372381664062, 9)
  })

  test('with equal propensities that go to 0 it is Student’s interval of the plain mean', () => {
    // Values 1 to 5: mean 3, standard error √.5, deviate 2.776445 for 4 degrees of freedom (Student's table).
    const { interval } = selfNormalizedEstimate([1, 2, 3, 4, 5], [1e-9, 1e-9, 1e-9, 1e-9, 1e-9])
    expect(interval?.[1]).toBeCloseTo(3 + 2.776445 * Math.sqrt(0.5), 5)
  })

  test('does not change with the scale of the propensities, moves with the values, and lies between them', () => {
    fc.assert(
      fc.property(units, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, factor) => {
        const [values, propensities] = lists(list)
        const estimate = selfNormalizedEstimate(values, propensities).estimate ?? Number.NaN
        const scaled = propensities.map((propensity) => propensity * factor)
        const moved = values.map((value) => 2 * value + 7)
        expect(selfNormalizedEstimate(values, scaled).estimate).toBeCloseTo(estimate, 9)
        expect(selfNormalizedEstimate(moved, propensities).estimate).toBeCloseTo(2 * estimate + 7, 9)
        expect(estimate).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9)
        expect(estimate).toBeLessThanOrEqual(Math.max(...values) + 1e-9)
      }),
    )
  })

  test('has no interval where equal values prove nothing of the others, or one unit counts for all', () => {
    expect(selfNormalizedEstimate([1, 1, 1], [0.5, 0.5, 0.5])).toMatchObject({ estimate: 1, interval: undefined })
    expect(selfNormalizedEstimate([1, 2], [0.5, 0.0001]).interval).toBeUndefined()
    expect(selfNormalizedEstimate([1, 1], [1, 1]).interval).toEqual([1, 1])
  })
})

describe.each([
  ['inversePropensityEstimate', inversePropensityEstimate],
  ['selfNormalizedEstimate', selfNormalizedEstimate],
])('%s', (_, estimator) => {
  test('does not depend on the order of the units', () => {
    fc.assert(
      fc.property(units, (list) => {
        const forth = estimator(...lists(list))
        const back = estimator(...lists(list.toReversed()))
        expect(back.estimate).toBeCloseTo(forth.estimate ?? Number.NaN, 9)
        expect(back.effectiveSampleSize).toBeCloseTo(forth.effectiveSampleSize, 9)
        expect(back.interval === undefined).toBe(forth.interval === undefined)
      }),
    )
  })

  test('says nothing of nothing', () => {
    expect(estimator([], [])).toEqual({ estimate: undefined, interval: undefined, effectiveSampleSize: 0 })
  })

  test.each([
    ['a propensity of 0', [1], [0], 'invalid-argument'],
    ['a propensity above 1', [1], [1.5], 'invalid-argument'],
    ['a value that is no number', [Number.NaN], [0.5], 'invalid-argument'],
    ['an infinite value', [Infinity], [0.5], 'invalid-argument'],
    ['lists of different length', [1, 2], [0.5], 'length-mismatch'],
    ['nothing', undefined, [0.5], 'invalid-argument'],
  ] as const)('refuses %s', (_, values, propensities, code) => {
    expect(() => estimator(values as never, propensities as never)).toThrow(refusal(code))
  })
})

test.each([1, 0, Number.NaN, Infinity])('refuses a population of %d for two listed units', (population) => {
  expect(() => inversePropensityEstimate([1, 2], [0.5, 0.5], { population })).toThrow(
    refusal('invalid-argument', /population/),
  )
})

describe('95 % intervals hold the mean', () => {
  const draw = seededRandom('population')
  const population = Array.from({ length: 2000 }, () => ({
    value: 5 + 2 * (draw() + draw() + draw() - 1.5),
    propensity: [0.25, 0.1, 0.03][Math.floor(draw() * 3)] ?? 1,
  }))
  const truth = population.reduce((sum, { value }) => sum + value, 0) / population.length
  const revealed = (random: () => number, size: number) =>
    lists(population.slice(0, size).filter(({ propensity }) => random() < propensity))

  test('in 2,000 units of which 250 are revealed', () => {
    const hajek = coverage('Hájek', 1500, (random) => ({
      truth,
      interval: selfNormalizedEstimate(...revealed(random, 2000)).interval,
    }))
    const horvitzThompson = coverage('Horvitz–Thompson', 1500, (random) => ({
      truth,
      interval: inversePropensityEstimate(...revealed(random, 2000), { population: 2000 }).interval,
    }))
    expect(hajek).toBeGreaterThan(0.93)
    expect(hajek).toBeLessThan(0.97)
    expect(horvitzThompson).toBeGreaterThan(0.92)
    expect(horvitzThompson).toBeLessThan(0.97)
  })

  test('nearly, in 100 units of which a dozen are revealed', () => {
    const few = population.slice(0, 100)
    const meanOfFew = few.reduce((sum, { value }) => sum + value, 0) / 100
    const rate = coverage('few', 1500, (random) => ({
      truth: meanOfFew,
      interval: selfNormalizedEstimate(...revealed(random, 100)).interval,
    }))
    expect(rate).toBeGreaterThan(0.9)
  })
})

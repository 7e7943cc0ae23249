import { pairedDifference, type PairedUnit, seededRandom } from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coverage } from './coverage.ts'
import { refusal } from './refusal.ts'

/** Paired outcomes as a 2 × 2 table counts them. */
function table(both: number, candidateOnly: number, championOnly: number, neither: number): PairedUnit[] {
  return [
    ...Array.from({ length: both }, () => ({ candidate: true, champion: true })),
    ...Array.from({ length: candidateOnly }, () => ({ candidate: true, champion: false })),
    ...Array.from({ length: championOnly }, () => ({ candidate: false, champion: true })),
    ...Array.from({ length: neither }, () => ({ candidate: false, champion: false })),
  ]
}

const pairs = fc.array(
  fc.record({
    candidate: fc.boolean(),
    champion: fc.boolean(),
    weight: fc.double({ min: 1, max: 40, noNaN: true }),
    class: fc.constantFrom('a', 'b', 'c'),
  }),
  { minLength: 1, maxLength: 40 },
)

const AVERAGES = ['units', 'classes'] as const

describe('accuracy without weights', () => {
  test('has the difference and the interval of Bonett and Price', () => {
    // Airway hyper-responsiveness of 21 children before and after transplantation (Bentur et al. 2009), the example of
    // Fagerland, Lydersen, Laake, Statistics in Medicine 33 (2014). By hand: −6/23 ± 1.959964 √((10/23 − 36/529) / 23).
    const { difference, interval, units, effectiveSampleSize } = pairedDifference(table(1, 1, 7, 12))
    expect(difference).toBeCloseTo(-6 / 21, 14)
    expect(interval?.[0]).toBeCloseTo(-0.5083593066664394, 12)
    expect(interval?.[1]).toBeCloseTo(-0.013379823768343235, 12)
    expect(units).toBe(21)
    expect(effectiveSampleSize).toBeCloseTo(21, 12)
  })

  test('agrees with the interval of Newcombe to two decimals', () => {
    // Complete response of 161 patients (Cavo et al. 2012): R's contingencytables prints −0.1186 to −0.0046 for
    // Newcombe's square-and-add interval.
    const { interval } = pairedDifference(table(59, 6, 16, 80))
    expect(interval?.[0]).toBeCloseTo(-0.1186, 2)
    expect(interval?.[1]).toBeCloseTo(-0.0046, 2)
  })

  test('excludes 0 about when McNemar’s test rejects', () => {
    // χ² = (b − c)² / (b + c) against 3.841; tables close to the limit are left out.
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.integer({ min: 300, max: 1000 }), (won, lost, agreed) => {
        const statistic = (won - lost) ** 2 / Math.max(1, won + lost)
        fc.pre(Math.abs(statistic - 3.841) > 1.5)
        const { interval = [0, 0] } = pairedDifference(table(agreed, won, lost, 10))
        expect(interval[0] > 0 || interval[1] < 0).toBe(statistic > 3.841)
      }),
    )
  })

  test('of versions that agree everywhere has an interval all the same', () => {
    // By hand: ± 1.959964 √(2/102 / 102).
    const { difference, interval } = pairedDifference(table(90, 0, 0, 10))
    expect(difference).toBe(0)
    expect(interval?.[1]).toBeCloseTo(1.959964 * Math.sqrt(2 / 102 / 102), 6)
    expect(interval?.[0]).toBeCloseTo(-(interval?.[1] ?? 0), 14)
  })
})

describe('weights and classes', () => {
  const units: PairedUnit[] = [
    { class: 'a', candidate: true, champion: false, weight: 1 },
    { class: 'a', candidate: true, champion: true, weight: 4 },
    { class: 'a', candidate: false, champion: true, weight: 2 },
    { class: 'a', candidate: true, champion: true, weight: 1 },
    { class: 'b', candidate: true, champion: false, weight: 10 },
    { class: 'b', candidate: false, champion: false, weight: 2 },
    { class: 'b', candidate: true, champion: true, weight: 5 },
  ]

  test('give weighted means', () => {
    const { candidate, champion, difference } = pairedDifference(units)
    expect(candidate).toBeCloseTo(21 / 25, 14)
    expect(champion).toBeCloseTo(12 / 25, 14)
    expect(difference).toBeCloseTo(9 / 25, 14)
  })

  test('give the mean of the classes’ means, with the interval of an independent calculation', () => {
    // NumPy and SciPy 1.17: two more units per class of weight (mean weight) / √2.
    const { candidate, difference, interval, effectiveSampleSize } = pairedDifference(units, { average: 'classes' })
    expect(candidate).toBeCloseTo((6 / 8 + 15 / 17) / 2, 14)
    expect(difference).toBeCloseTo(0.23161764705882354, 14)
    expect(interval?.[0]).toBeCloseTo(-0.28282410602917785, 12)
    expect(interval?.[1]).toBeCloseTo(0.5902526839190333, 12)
    expect(effectiveSampleSize).toBeCloseTo(5.062542767209526, 12)
  })
})

describe('scores and losses', () => {
  test('are compared by their mean, with the bound told', () => {
    const { difference, candidate, champion } = pairedDifference(
      [
        { candidate: 2.5, champion: 4 },
        { candidate: 1, champion: 0.5 },
      ],
      { bound: 10 },
    )
    expect([difference, candidate, champion]).toEqual([-0.5, 1.75, 2.25])
  })

  test('scale with their unit', () => {
    const scores = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: 1,
      },
    )
    fc.assert(
      fc.property(scores, fc.constantFrom(0.01, 3, 1000), (list, factor) => {
        const of = (scale: number) =>
          pairedDifference(
            list.map(([candidate, champion]) => ({ candidate: candidate * scale, champion: champion * scale })),
            { bound: scale },
          )
        const [plain, scaled] = [of(1), of(factor)]
        expect((scaled.difference ?? Number.NaN) / factor).toBeCloseTo(plain.difference ?? Number.NaN, 9)
        expect((scaled.interval?.[0] ?? Number.NaN) / factor).toBeCloseTo(plain.interval?.[0] ?? Number.NaN, 9)
      }),
    )
  })
})

describe('laws', () => {
  test('swapping the versions turns the sign', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(...AVERAGES), (list, average) => {
        const swapped = list.map((unit) => ({ ...unit, candidate: unit.champion, champion: unit.candidate }))
        const [one, other] = [pairedDifference(list, { average }), pairedDifference(swapped, { average })]
        expect(other.difference).toBeCloseTo(-(one.difference ?? Number.NaN), 10)
        expect(other.interval?.[0]).toBeCloseTo(-(one.interval?.[1] ?? Number.NaN), 10)
        expect(other.interval?.[1]).toBeCloseTo(-(one.interval?.[0] ?? Number.NaN), 10)
      }),
    )
  })

  test('order of the units and scale of the weights do not matter', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(...AVERAGES), (list, average) => {
        const changed = list.toReversed().map((unit) => ({ ...unit, weight: unit.weight * 1000 }))
        const [one, other] = [pairedDifference(list, { average }), pairedDifference(changed, { average })]
        expect(other.difference).toBeCloseTo(one.difference ?? Number.NaN, 10)
        expect(other.interval?.[0]).toBeCloseTo(one.interval?.[0] ?? Number.NaN, 10)
        expect(other.effectiveSampleSize).toBeCloseTo(one.effectiveSampleSize, 8)
      }),
    )
  })

  test('the difference is that of the two figures, effective units are no more than units, and ends are within ±1', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(...AVERAGES), (list, average) => {
        const { difference, candidate, champion, interval, units, effectiveSampleSize } = pairedDifference(list, {
          average,
        })
        expect(difference).toBeCloseTo((candidate ?? 0) - (champion ?? 0), 10)
        expect(units).toBe(list.length)
        expect(effectiveSampleSize).toBeLessThanOrEqual(list.length + 1e-9)
        expect(interval?.[0]).toBeGreaterThanOrEqual(-1)
        expect(interval?.[1]).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('95 % intervals hold the difference to come', () => {
  /** Classes: share, probability that only the candidate is right, that only the champion is. */
  interface World {
    readonly name: string
    readonly classes: readonly (readonly [share: number, won: number, lost: number])[]
    readonly propensities: readonly number[]
    readonly size: number
  }
  const worlds: readonly World[] = [
    {
      name: 'two even classes',
      classes: [
        [0.5, 0.05, 0.02],
        [0.5, 0.05, 0.02],
      ],
      propensities: [1],
      size: 100,
    },
    {
      name: 'a class of 5 %',
      classes: [
        [0.95, 0.02, 0.01],
        [0.05, 0.1, 0.1],
      ],
      propensities: [1],
      size: 300,
    },
    {
      name: 'a class of 3 %',
      classes: [
        [0.97, 0.01, 0.01],
        [0.03, 0.2, 0.05],
      ],
      propensities: [1],
      size: 500,
    },
    {
      name: 'few disagreements, weighted',
      classes: [
        [0.8, 0.01, 0],
        [0.2, 0.01, 0.01],
      ],
      propensities: [1, 0.25, 0.1],
      size: 300,
    },
    {
      name: 'far propensities',
      classes: [
        [0.8, 0.05, 0.02],
        [0.2, 0.1, 0.05],
      ],
      propensities: [0.3, 0.03],
      size: 500,
    },
  ]

  function draw({ classes, propensities, size }: World, random: () => number): PairedUnit[] {
    return Array.from({ length: size }).flatMap(() => {
      const at = random()
      const index = classes.findIndex(
        (_, last) => at < classes.slice(0, last + 1).reduce((sum, [share]) => sum + share, 0),
      )
      const [, won, lost] = classes[index] ?? [1, 0, 0]
      const propensity = propensities[Math.floor(random() * propensities.length)] ?? 1
      const fate = random()
      const unit = {
        candidate: fate < won,
        champion: fate >= won && fate < won + lost,
        weight: 1 / propensity,
        class: index,
      }
      return random() < propensity ? [unit] : []
    })
  }

  test.each(worlds.map((world) => [world.name, world] as const))('%s', (name, world) => {
    for (const average of AVERAGES) {
      const weightOf = (share: number) => (average === 'units' ? share : 1 / world.classes.length)
      const truth = world.classes.reduce((sum, [share, won, lost]) => sum + weightOf(share) * (won - lost), 0)
      const rate = coverage(`${name} ${average}`, 1000, (random) => {
        const units = draw(world, random)
        const complete = new Set(units.map((unit) => unit.class)).size === world.classes.length
        return { truth, interval: complete ? pairedDifference(units, { average }).interval : undefined }
      })
      // 0.94 less three standard errors of 1,000 repetitions.
      expect(rate).toBeGreaterThan(0.94 - 0.0225)
    }
  })
})

test('says nothing of no units', () => {
  expect(pairedDifference([])).toEqual({
    difference: undefined,
    interval: undefined,
    candidate: undefined,
    champion: undefined,
    units: 0,
    effectiveSampleSize: 0,
  })
})

test('a narrower level is inside a wider one', () => {
  const random = seededRandom('levels')
  const units = Array.from({ length: 50 }, () => ({ candidate: random() < 0.9, champion: random() < 0.8 }))
  const [narrow = [0, 0], wide = [0, 0]] = [0.9, 0.99].map((level) => pairedDifference(units, { level }).interval)
  expect(narrow[0]).toBeGreaterThan(wide[0])
  expect(narrow[1]).toBeLessThan(wide[1])
})

test.each([
  ['a unit that is no object', [null], {}],
  ['units that are no list', 'ab', {}],
  ['a missing figure', [{ candidate: true }], {}],
  ['a figure that is no number', [{ candidate: Number.NaN, champion: 0 }], {}],
  ['a weight of 0', [{ candidate: true, champion: true, weight: 0 }], {}],
  ['a weight that is no number', [{ candidate: true, champion: true, weight: Number.NaN }], {}],
  ['a missing class', [{ candidate: true, champion: true }], { average: 'classes' }],
  ['an unknown average', [{ candidate: true, champion: true }], { average: 'macro' }],
  ['a difference beyond the bound', [{ candidate: 3, champion: 0 }], {}],
  ['a bound of 0', [{ candidate: 0, champion: 0 }], { bound: 0 }],
  ['a level of 0', [{ candidate: 0, champion: 0 }], { level: 0 }],
] as const)('refuses %s', (_, units, options) => {
  expect(() => pairedDifference(units as never, options as never)).toThrow(refusal('invalid-argument'))
})

import {
  disagreementDifference,
  pairedDifference,
  seededRandom,
  type DisagreementStratum,
  type StatisticsErrorCode,
} from '@groundtrace/statistics'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawWindow, twoVersions } from './two-versions.ts'

function stratum(
  candidate: string,
  champion: string,
  population: number,
  revealed: Record<string, number> = {},
): DisagreementStratum {
  return { candidate, champion, population, revealed }
}

function expectInterval(actual: readonly number[] | undefined, low: number, high: number): void {
  expect(actual?.[0]).toBeCloseTo(low, 10)
  expect(actual?.[1]).toBeCloseTo(high, 10)
}

// Intervals: the formulas worked out anew in Python with mpmath (beta quantiles by bisection of its betainc).
describe('disagreementDifference', () => {
  // By hand: (12 − 2) / 98. Nothing is unknown, so only the paired shares 12/98 and 2/98 are uncertain.
  it('is the paired difference of shares when every truth is known', () => {
    const strata = [
      stratum('ham', 'spam', 12, { ham: 12 }),
      stratum('spam', 'ham', 2, { ham: 2 }),
      stratum('ham', 'ham', 84, { ham: 80, spam: 4 }),
    ]
    const result = disagreementDifference(strata)
    expect(result.difference).toBeCloseTo(10 / 98, 14)
    expectInterval(result.interval, 0.0280181968848, 0.1836656593477)
    expect(result.candidate).toBeCloseTo(92 / 98, 14)
    expect(result.champion).toBeCloseTo(82 / 98, 14)
    expect(result).toMatchObject({
      population: 98,
      disagreements: 14,
      revealed: 98,
      revealedDisagreements: 14,
      unrevealedDisagreements: 0,
      classTotals: { ham: 94, spam: 4 },
    })
  })

  // By hand: 20 disagreed, 4 of 5 known are ham: .2 · (.8 − .2) = .12. Those agreed on are like the rest, .8 ham:
  // candidate .2 · .8 + .8 · .8 = .8, champion .2 · .2 + .8 · .8 = .68.
  it('lets the known truths of a disagreement stand for all of it', () => {
    const result = disagreementDifference([stratum('ham', 'spam', 20, { ham: 4, spam: 1 }), stratum('ham', 'ham', 80)])
    expect(result.difference).toBeCloseTo(0.12, 14)
    expectInterval(result.interval, -0.0649159585223, 0.2279235176419)
    expect(result.candidate).toBeCloseTo(0.8, 14)
    expect(result.champion).toBeCloseTo(0.68, 14)
    expect(result.classTotals).toEqual({
      ham: expect.closeTo(80, 10) as number,
      spam: expect.closeTo(20, 10) as number,
    })
    expect(result).toMatchObject({ revealed: 5, revealedDisagreements: 5, unrevealedDisagreements: 0 })
  })

  // By hand: ham 60 + 7.5 = 67.5, spam 30 + 2.5 = 32.5; (7.5 / 67.5 − 2.5 / 32.5) / 2. Candidate: recalls 1 and 30 / 32.5.
  it('weighs a unit by the estimated size of its class for balanced accuracy', () => {
    const strata = [
      stratum('ham', 'ham', 60, { ham: 10 }),
      stratum('spam', 'spam', 30, { spam: 5 }),
      stratum('ham', 'spam', 10, { ham: 3, spam: 1 }),
    ]
    const result = disagreementDifference(strata, { average: 'classes' })
    expect(result.difference).toBeCloseTo((7.5 / 67.5 - 2.5 / 32.5) / 2, 14)
    expectInterval(result.interval, -0.102390320222, 0.1041497961433)
    expect(result.candidate).toBeCloseTo((1 + 30 / 32.5) / 2, 14)
    expect(result.champion).toBeCloseTo((60 / 67.5 + 1) / 2, 14)
    expect(result.classTotals).toEqual({ ham: 67.5, spam: 32.5 })
  })

  // By hand: 40 units, of 8 known 2 are won and 1 is lost: .4 · (2 − 1) / 8 = .05.
  it('knows that both may be wrong where there are three classes', () => {
    const result = disagreementDifference([
      stratum('a', 'b', 40, { a: 2, b: 1, c: 5 }),
      stratum('c', 'c', 60, { c: 6 }),
    ])
    expect(result.difference).toBeCloseTo(0.05, 14)
    expectInterval(result.interval, -0.1374227157206, 0.220491328433)
  })

  // By hand: 10 units of which nothing is known; the rest is ham, so they would be won: .1. Or all lost: −.1.
  it('covers whatever a disagreement may be of which nothing was revealed', () => {
    const strata = [stratum('ham', 'spam', 10), stratum('ham', 'ham', 90, { ham: 9 })]
    const result = disagreementDifference(strata)
    expect(result.difference).toBeCloseTo(0.1, 14)
    expectInterval(result.interval, -0.1580770959838, 0.1743656615049)
    expect(result).toMatchObject({ disagreements: 10, revealedDisagreements: 0, unrevealedDisagreements: 10 })
  })

  // By hand: 10 unknown units are like the 4 of 4 with the same two labels, not like the average unit: (10 + 20) / 130.
  it('takes an unrevealed disagreement for one with the same two labels', () => {
    const strata = [
      stratum('spam', 'ham', 10),
      stratum('spam', 'ham', 20, { spam: 4 }),
      stratum('ham', 'ham', 100, { ham: 50 }),
    ]
    expect(disagreementDifference(strata).difference).toBeCloseTo(30 / 130, 14)
  })

  // By hand: Wilson's upper limit of 0 in n is z² / (n + z²), z = 1.959964; for two classes both halves, as a root of squares.
  it('leaves two versions that never differed a small doubt about the units to come', () => {
    const strata = [stratum('ham', 'ham', 400, { ham: 20 }), stratum('spam', 'spam', 200, { spam: 3 })]
    const accuracy = disagreementDifference(strata)
    expect(accuracy.difference).toBe(0)
    expectInterval(accuracy.interval, -0.0063617010137, 0.0063617010137)
    const balanced = disagreementDifference(strata, { average: 'classes' })
    expect(balanced.difference).toBe(0)
    expectInterval(balanced.interval, -0.0105549759564, 0.0105549759564)
  })

  it('promises nothing where no truth is known, and nothing of a class that was never seen', () => {
    const unknown = disagreementDifference([stratum('ham', 'spam', 10), stratum('ham', 'ham', 90)])
    expect(unknown).toEqual({
      difference: undefined,
      interval: undefined,
      candidate: undefined,
      champion: undefined,
      population: 100,
      disagreements: 10,
      revealed: 0,
      revealedDisagreements: 0,
      unrevealedDisagreements: 10,
      classTotals: {},
    })
    const oneClass = [stratum('ham', 'spam', 10, { ham: 2 }), stratum('ham', 'ham', 90)]
    expect(disagreementDifference(oneClass, { average: 'classes' }).interval).toEqual([-1, 1])
    expect(disagreementDifference(oneClass).interval).not.toEqual([-1, 1])
    expect(disagreementDifference([]).difference).toBeUndefined()
  })

  const labels = fc.constantFrom('a', 'b', 'c')
  const strata = fc.array(
    fc
      .record({ candidate: labels, champion: labels, a: fc.nat(4), b: fc.nat(4), c: fc.nat(4), unknown: fc.nat(30) })
      .map(({ candidate, champion, a, b, c, unknown }) =>
        stratum(candidate, champion, a + b + c + unknown, { a, b, c }),
      ),
    { minLength: 1, maxLength: 12 },
  )
  const average = fc.constantFrom('units' as const, 'classes' as const)

  it('says the opposite when the versions change places', () => {
    fc.assert(
      fc.property(strata, average, (strata, average) => {
        const turned = strata.map(({ candidate, champion, ...rest }) => ({
          ...rest,
          candidate: champion,
          champion: candidate,
        }))
        const [here, there] = [disagreementDifference(strata, { average }), disagreementDifference(turned, { average })]
        expect(there.difference ?? 0).toBeCloseTo(-(here.difference ?? 0), 10)
        expectInterval(there.interval ?? [0, 0], -(here.interval?.[1] ?? 0), -(here.interval?.[0] ?? 0))
        expect(there.candidate).toBe(here.champion)
      }),
    )
  })

  it('gives an interval that holds the estimate, and an estimate that is the difference of both qualities', () => {
    fc.assert(
      fc.property(strata, average, (strata, average) => {
        const { difference, interval, candidate, champion, revealed } = disagreementDifference(strata, { average })
        fc.pre(revealed > 0)
        const [low, high] = interval ?? [Number.NaN, Number.NaN]
        expect(low).toBeGreaterThanOrEqual(-1)
        expect(low).toBeLessThanOrEqual((difference ?? Number.NaN) + 1e-12)
        expect(high).toBeGreaterThanOrEqual((difference ?? Number.NaN) - 1e-12)
        expect(high).toBeLessThanOrEqual(1)
        expect((candidate ?? Number.NaN) - (champion ?? Number.NaN)).toBeCloseTo(difference ?? Number.NaN, 10)
      }),
    )
  })

  it('holds the estimate of every truth that an unrevealed disagreement may have', () => {
    fc.assert(
      fc.property(strata, fc.integer({ min: 1, max: 40 }), labels, (rest, size, truth) => {
        const others = [...rest, stratum('a', 'a', 1, { a: 1 })].filter(
          ({ candidate, champion }) => candidate !== 'a' || champion !== 'b',
        )
        const [low, high] = disagreementDifference([...others, stratum('a', 'b', size)]).interval ?? [1, -1]
        const told = disagreementDifference([...others, stratum('a', 'b', size, { [truth]: size })], { level: 1e-9 })
        // What else is unrevealed takes the average of what is known, so keep to populations where all else is known.
        fc.pre(
          others.every(({ population, revealed }) => population === 0 || Object.values(revealed).some((n) => n > 0)),
        )
        expect(told.difference).toBeGreaterThanOrEqual(low - 1e-12)
        expect(told.difference).toBeLessThanOrEqual(high + 1e-12)
      }),
    )
  })

  it.each<[string, StatisticsErrorCode, unknown, unknown, string]>([
    ['strata that are no list', 'invalid-argument', undefined, {}, 'an array'],
    ['no stratum', 'invalid-argument', [undefined], {}, 'population, revealed'],
    ['a stratum without a label', 'invalid-argument', [stratum('ham', '', 1)], {}, 'as a text'],
    ['half a unit', 'invalid-argument', [stratum('ham', 'ham', 0.5)], {}, 'whole number from 0'],
    ['no counts', 'invalid-argument', [{ ...stratum('ham', 'ham', 1), revealed: null }], {}, '{} where no truth'],
    ['a count below 0', 'invalid-argument', [stratum('ham', 'ham', 1, { ham: -1 })], {}, 'whole number from 0'],
    [
      'more truths than units',
      'impossible-counts',
      [stratum('ham', 'ham', 1, { ham: 2 })],
      {},
      'every known truth once',
    ],
    ['an unknown average', 'invalid-argument', [], { average: 'macro' }, "'units' or 'classes'"],
    ['a level in percent', 'invalid-argument', [], { level: 95 }, 'between 0 and 1'],
  ])('refuses %s', (_, code, strata, options, nextStep) => {
    expect(() => disagreementDifference(strata as never, options as never)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(nextStep) as string }),
    )
  })
})

describe('the interval of disagreementDifference, in simulations', () => {
  const regimes = [0.01, 0.1, 0.4].flatMap((spam) =>
    [0.01, 0.05, 0.15].flatMap((disagree) =>
      [0.15, 0.5, 0.85].flatMap((won) => [false, true].map((bold) => ({ spam, disagree, won, bold }))),
    ),
  )
  const runs = 300

  // The level says how often; what chance takes from a rate of 90 % in 300 runs: three standard errors, 5.2 %.
  it.each(regimes)(
    'holds the truth as often as it says: $spam spam, $disagree disagree, $won won, bold $bold',
    (regime) => {
      const world = twoVersions(regime)
      const random = seededRandom(JSON.stringify(regime))
      const held = { units: 0, classes: 0 }
      let told = 0
      for (let run = 0; run < runs; run += 1) {
        const { strata } = drawWindow(world, 600, random)
        // Without a truth of either class, balanced accuracy is of one class: a question of its own.
        if (Object.keys(disagreementDifference(strata).classTotals).length < 2) continue
        told += 1
        for (const average of ['units', 'classes'] as const) {
          const [low, high] = disagreementDifference(strata, { average, level: 0.9 }).interval ?? [1, -1]
          const truth = average === 'units' ? world.accuracy : world.balancedAccuracy
          if (low <= truth && truth <= high) held[average] += 1
        }
      }
      const least = 0.9 - 3 * Math.sqrt((0.9 * 0.1) / told)
      expect(told).toBeGreaterThan(100)
      expect(held.units / told).toBeGreaterThan(least)
      expect(held.classes / told).toBeGreaterThan(least)
    },
  )

  // By design: pairedDifference learns from nothing but known truths, and takes agreeing ones for uncertain.
  it.each([
    [0.01, 0.6],
    [0.05, 0.85],
  ])('is narrower than that of weighted pairs: %d disagree, at most %d of the width', (disagree, most) => {
    const world = twoVersions({ spam: 0.4, disagree, won: 0.85 })
    const random = seededRandom(`narrower ${disagree}`)
    const width = { units: [0, 0], classes: [0, 0] }
    for (let run = 0; run < runs; run += 1) {
      const { strata, pairs } = drawWindow(world, 600, random)
      for (const average of ['units', 'classes'] as const) {
        for (const [index, { interval }] of [
          disagreementDifference(strata, { average }),
          pairedDifference(pairs, { average }),
        ].entries()) {
          const [low, high] = interval ?? [Number.NaN, Number.NaN]
          width[average][index] = (width[average][index] ?? 0) + high - low
        }
      }
    }
    for (const [ours = Number.NaN, theirs = Number.NaN] of [width.units, width.classes]) {
      expect(ours / theirs).toBeLessThan(most)
    }
  })
})

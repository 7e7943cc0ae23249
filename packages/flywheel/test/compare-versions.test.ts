import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, type LabelledPair } from '@groundtrace/flywheel'
import { pairsOf } from './labelled-pairs.ts'

describe('compareVersions', () => {
  // By hand (Bonett and Price 2012): 98 pairs, 12 won, 2 lost; (13 − 3) / 100 ± 1.959964 · √((.16 − .01) / 100).
  it('compares accuracy with the adjusted Wald interval of paired proportions', () => {
    const result = compareVersions(pairsOf('ham', 98, 12, 2), { metric: 'accuracy' })
    expect(result.difference).toBeCloseTo(10 / 98, 12)
    expect(result.interval?.[0]).toBeCloseTo(0.024090921, 8)
    expect(result.interval?.[1]).toBeCloseTo(0.175909079, 8)
    expect(result.candidateQuality).toBeCloseTo(96 / 98, 12)
    expect(result.championQuality).toBeCloseTo(86 / 98, 12)
    expect(result.effectiveSampleSize).toBeCloseTo(98, 9)
    expect(result).toMatchObject({ units: 98, metric: 'accuracy' })
    expect(result).not.toHaveProperty('blind')
  })

  // By hand: recall of ham gains 6 / 80, of spam 2 / 20; two classes of 80 and 20 know as much as 4 / (1/80 + 1/20) units.
  it('compares balanced accuracy, each class counting as much as the other', () => {
    const result = compareVersions([...pairsOf('ham', 80, 8, 2), ...pairsOf('spam', 20, 3, 1)], {})
    expect(result.difference).toBeCloseTo((6 / 80 + 2 / 20) / 2, 12)
    expect(result.effectiveSampleSize).toBeCloseTo(64, 9)
    // The interval by its formula, worked out in Python.
    expect(result.interval?.[0]).toBeCloseTo(-0.024165837167, 9)
    expect(result.interval?.[1]).toBeCloseTo(0.191258954076, 9)
  })

  // By hand: weights 3 and 1; (3 · 4 − 1 · 2) / (3 · 50 + 1 · 50) = 10 / 200; Kish: 200² / (9 · 50 + 50) = 80.
  it('weighs units by what they stand for', () => {
    const pairs = [...pairsOf('ham', 50, 4, 0, 3), ...pairsOf('spam', 50, 0, 2, 1)]
    const result = compareVersions(pairs, { metric: 'accuracy' })
    expect(result.difference).toBeCloseTo(0.05, 12)
    expect(result.effectiveSampleSize).toBeCloseTo(80, 9)
  })

  // By hand: volunteers 30 · 3 of 30 · 3 + 60 · 1 = 90 / 150.
  it('says what share of the weight is on volunteers, once every unit tells', () => {
    const volunteers = pairsOf('ham', 30, 0, 0, 3).map((pair) => ({ ...pair, volunteer: true }))
    const chosen = pairsOf('spam', 60, 0, 0).map((pair) => ({ ...pair, volunteer: false }))
    expect(compareVersions([...volunteers, ...chosen], {}).assumedShare).toBeCloseTo(0.6, 12)
    expect(compareVersions(chosen, {}).assumedShare).toBe(0)
    expect(compareVersions([...chosen, ...pairsOf('ham', 1, 0, 0)], {}).assumedShare).toBeUndefined()
    expect(compareVersions([], {}).assumedShare).toBeUndefined()
  })

  it('says the opposite when candidate and champion change places', () => {
    const counts = fc.record({ n: fc.integer({ min: 10, max: 60 }), won: fc.nat(5), lost: fc.nat(5) })
    fc.assert(
      fc.property(counts, counts, fc.constantFrom('accuracy' as const, 'balancedAccuracy' as const), (a, b, metric) => {
        const pairs = [...pairsOf('ham', a.n, a.won, a.lost), ...pairsOf('spam', b.n, b.won, b.lost)]
        const turned = pairs.map(({ truth, candidateLabel, championLabel }) => ({
          truth,
          candidateLabel: championLabel,
          championLabel: candidateLabel,
        }))
        const [here, there] = [compareVersions(pairs, { metric }), compareVersions(turned, { metric })]
        expect(there.difference).toBeCloseTo(-(here.difference ?? 0), 12)
        expect(there.interval?.[0]).toBeCloseTo(-(here.interval?.[1] ?? 0), 12)
        expect(there.interval?.[1]).toBeCloseTo(-(here.interval?.[0] ?? 0), 12)
      }),
    )
  })

  it.each<[string, readonly LabelledPair[], object, string]>([
    ['there are no units', [], {}, 'There are no units'],
    ['one class is all there is', pairsOf('ham', 100, 9, 0), {}, 'All units are of class "ham"'],
    [
      'a declared class is missing',
      pairsOf('ham', 100, 9, 0),
      { classes: ['ham', 'spam'] },
      'Class "spam" has 0 units, of 5 needed',
    ],
    [
      'a class is rare',
      [...pairsOf('ham', 100, 9, 0), ...pairsOf('spam', 4, 0, 0)],
      {},
      'Class "spam" has 4 units, of 5 needed',
    ],
    [
      'units are few',
      pairsOf('ham', 29, 9, 0),
      { metric: 'accuracy' },
      '29 units are worth 29 equally weighted ones, of 30 needed',
    ],
    [
      'one weight outweighs all others',
      [...pairsOf('ham', 100, 9, 0), ...pairsOf('ham', 1, 0, 0, 1000)],
      { metric: 'accuracy', minimumPerClass: 0 },
      // Kish by hand: 1100² / (100 + 1000²) = 1.21.
      '101 units are worth 1.2 equally weighted ones',
    ],
  ])('is blind when %s', (_, pairs, options, reason) => {
    expect(compareVersions(pairs, options).blind).toContain(reason)
  })

  it('sees with exactly as many units as needed', () => {
    const balanced = [...pairsOf('ham', 100, 9, 0), ...pairsOf('spam', 5, 0, 0)]
    expect(compareVersions(balanced, { minimumUnits: 1 })).not.toHaveProperty('blind')
    const counted = compareVersions(pairsOf('ham', 32, 9, 0), { metric: 'accuracy', minimumUnits: 32 })
    expect(counted).not.toHaveProperty('blind')
  })

  it.each<[string, unknown, object, string]>([
    ['a pair without truth', [{ candidateLabel: 'ham', championLabel: 'ham' }], {}, 'as texts'],
    ['no pair', [undefined], {}, 'as texts'],
    ['pairs that are no list', undefined, {}, 'as an array'],
    ['a weight of 0', pairsOf('ham', 1, 0, 0, 0), {}, 'leave out units without one'],
    ['an endless weight', pairsOf('ham', 1, 0, 0, Number.POSITIVE_INFINITY), {}, 'above 0'],
    ['a class that is not declared', pairsOf('spam', 1, 0, 0), { classes: ['ham'] }, 'Use one of ham'],
    ['an unknown metric', [], { metric: 'f1' }, 'balancedAccuracy or accuracy'],
    ['a level in percent', [], { level: 95 }, 'above 0 and below 1'],
    ['no minimum of units', [], { minimumUnits: 0 }, 'whole number from 1'],
    ['half a unit', [], { minimumPerClass: 0.5 }, 'whole number from 0'],
  ])('refuses %s', (_, pairs, options, nextStep) => {
    expect(() => compareVersions(pairs as never, options)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(nextStep) as string }),
    )
  })
})

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, type ComparedPrediction } from '@groundtrace/flywheel'
import { predictionsOf, unknown } from './window-made.ts'

const blocked = { action: 'block', propensity: 0.25 }
const passed = { action: 'pass', propensity: 0.05 }
const under = (predictions: readonly ComparedPrediction[], fields: Partial<ComparedPrediction>) =>
  predictions.map((prediction) => ({ ...prediction, ...fields }))

/** A mail that only the candidate takes for ham. */
const differing = (truth?: string): ComparedPrediction => ({
  candidateLabel: 'ham',
  championLabel: 'spam',
  ...(truth === undefined ? {} : { truth }),
})
const gain = (window: readonly ComparedPrediction[]) => compareVersions(window, { metric: 'accuracy' }).difference

describe('compareVersions', () => {
  // By hand: (12 − 2) / 98, as every truth is known. Interval: Newcombe's method 10 with the correlation of two shares of
  // one whole, worked out in Python from the formulas of disagreementDifference.
  it('compares accuracy on all predictions of a window', () => {
    const result = compareVersions(predictionsOf('ham', { won: 12, lost: 2, agreed: 84 }), { metric: 'accuracy' })
    expect(result.difference).toBeCloseTo(10 / 98, 12)
    expect(result.interval?.[0]).toBeCloseTo(0.0280181968, 9)
    expect(result.interval?.[1]).toBeCloseTo(0.1836656593, 9)
    expect(result.candidateQuality).toBeCloseTo(96 / 98, 12)
    expect(result.championQuality).toBeCloseTo(86 / 98, 12)
    expect(result).toMatchObject({
      metric: 'accuracy',
      predictions: 98,
      disagreements: 14,
      revealedDisagreements: 14,
      unrevealedDisagreements: 0,
    })
    expect(result).not.toHaveProperty('blind')
  })

  // By hand: recall of ham gains 6 of 80, of spam 2 of 20.
  it('compares balanced accuracy, each class counting as much as the other', () => {
    const window = [
      ...predictionsOf('ham', { won: 8, lost: 2, agreed: 70 }),
      ...predictionsOf('spam', { won: 3, lost: 1, agreed: 16 }),
    ]
    expect(compareVersions(window, {}).difference).toBeCloseTo((6 / 80 + 2 / 20) / 2, 12)
  })

  // By hand: (ham, spam) under block: 10, of which 2 known: ham, spam. Under pass: 10, of which 4 known, all ham.
  // 10 · 0 + 10 · 1 = 10 of 20. In one stratum: 20 · (5 − 1) / 6 = 13.3 of 20.
  it('lets known truths stand for those revealed with the same chance, by policy or by strata of your own', () => {
    const block = [differing('ham'), differing('spam'), ...Array.from({ length: 8 }, () => differing())]
    const pass = [...Array.from({ length: 4 }, () => differing('ham')), ...Array.from({ length: 6 }, () => differing())]
    expect(gain([...under(block, { policy: blocked }), ...under(pass, { policy: passed })])).toBeCloseTo(0.5, 12)
    expect(gain([...under(block, { stratum: 'a' }), ...under(pass, { stratum: 'b' })])).toBeCloseTo(0.5, 12)
    expect(gain([...block, ...pass])).toBeCloseTo(2 / 3, 12)
  })

  it('needs no truth where the versions agree', () => {
    const differ = predictionsOf('ham', { won: 6, lost: 1 })
    const agree = predictionsOf('ham', { agreed: 93 })
    const [all, few] = [
      [...differ, ...agree],
      [...differ, ...unknown(agree)],
    ].map((window) => compareVersions(window, { metric: 'accuracy' }))
    expect(few?.difference).toBe(all?.difference)
    expect(few?.interval).toEqual(all?.interval)
  })

  // By hand: (ham, spam), 20 predictions, 3 of 4 known are from volunteers: 15. (spam, ham), 10, 1 of 2: 5. 20 of 30.
  it('says what share of the disagreements rests on volunteers, once every known one tells', () => {
    const explored = { policy: { ...blocked, explored: true } }
    const window = [
      ...under(predictionsOf('ham', { won: 1, lost: 1 }), explored),
      ...under(predictionsOf('ham', { won: 3, lost: 1, agreed: 5 }), { policy: blocked }),
      ...under(unknown(predictionsOf('ham', { won: 16, lost: 8 })), { policy: blocked }),
    ]
    const options = { metric: 'accuracy' } as const
    expect(compareVersions(window, options).assumedShare).toBeCloseTo(2 / 3, 12)
    expect(compareVersions(under(window, { volunteer: false }), options).assumedShare).toBe(0)
    expect(compareVersions(predictionsOf('ham', { won: 9, agreed: 9 }), options).assumedShare).toBeUndefined()
    expect(compareVersions(under(unknown(window), {}), options).assumedShare).toBeUndefined()
  })

  it('leaves volunteers out on request, and then rests on nothing assumed', () => {
    const chosen = under(predictionsOf('ham', { won: 6, lost: 1, agreed: 20 }), { volunteer: false })
    const told = under(predictionsOf('ham', { won: 9, lost: 9, agreed: 9 }), { volunteer: true })
    const options = { metric: 'accuracy', volunteers: 'left-out' } as const
    const result = compareVersions([...chosen, ...told], options)
    expect(result).toMatchObject({ assumedShare: 0, revealedDisagreements: 7, predictions: 54 })
    expect(result).toEqual(compareVersions([...chosen, ...unknown(told)], options))
  })

  it('does not mind what a class is called', () => {
    const window = ['constructor', '__proto__', 'toString'].flatMap((truth) =>
      predictionsOf(truth, { won: 5, agreed: 5 }),
    )
    expect(compareVersions(window, {}).difference).toBeCloseTo(0.5, 12)
  })

  it('says the opposite when candidate and champion change places', () => {
    const counts = fc.record({ won: fc.nat(9), lost: fc.nat(9), agreed: fc.integer({ min: 1, max: 50 }) })
    fc.assert(
      fc.property(counts, counts, fc.constantFrom('accuracy' as const, 'balancedAccuracy' as const), (a, b, metric) => {
        const window = [...predictionsOf('ham', a), ...predictionsOf('spam', b), ...unknown(predictionsOf('ham', b))]
        const turned = window.map(({ candidateLabel, championLabel, ...rest }) => ({
          ...rest,
          candidateLabel: championLabel,
          championLabel: candidateLabel,
        }))
        const [here, there] = [compareVersions(window, { metric }), compareVersions(turned, { metric })]
        expect(there.difference).toBeCloseTo(-(here.difference ?? 0), 12)
        expect(there.interval?.[0]).toBeCloseTo(-(here.interval?.[1] ?? 0), 12)
        expect(there.interval?.[1]).toBeCloseTo(-(here.interval?.[0] ?? 0), 12)
      }),
    )
  })

  it.each<[string, readonly ComparedPrediction[], object, string]>([
    ['there are no predictions', [], {}, 'There are no predictions to compare on'],
    ['no truth is known', unknown(predictionsOf('ham', { won: 9 })), {}, 'No truth of 9 predictions is known'],
    [
      'one class is all there is',
      predictionsOf('ham', { won: 9, agreed: 90 }),
      {},
      'All known truths are of class "ham"',
    ],
    [
      'a declared class is missing',
      predictionsOf('ham', { won: 9, agreed: 90 }),
      { metric: 'accuracy', classes: ['ham', 'spam'] },
      'Class "spam" has 0 known truths; at least 5 needed',
    ],
    [
      'the size of a class is not known well enough',
      [...predictionsOf('ham', { won: 9, agreed: 90 }), ...predictionsOf('spam', { agreed: 4 })],
      {},
      'Class "spam" has 4 known truths; at least 5 needed',
    ],
    [
      'too few of the disagreements are known',
      [...predictionsOf('ham', { won: 4, agreed: 200 }), ...unknown(predictionsOf('ham', { won: 2 }))],
      { metric: 'accuracy' },
      'The versions differ on 6 predictions, with truth known for 4 of them; at least 5 needed',
    ],
  ])('is blind when %s', (_, window, options, reason) => {
    expect(compareVersions(window, options).blind).toBe(reason)
  })

  it('sees with exactly as many truths as needed, with all there are, and where the versions never differ', () => {
    const accuracy = { metric: 'accuracy' } as const
    const enough = [...predictionsOf('ham', { won: 5, agreed: 200 }), ...unknown(predictionsOf('ham', { won: 2 }))]
    expect(compareVersions(enough, accuracy)).not.toHaveProperty('blind')
    expect(compareVersions(predictionsOf('ham', { won: 2, agreed: 9 }), accuracy)).not.toHaveProperty('blind')
    const same = compareVersions(predictionsOf('ham', { agreed: 600 }), accuracy)
    expect(same).not.toHaveProperty('blind')
    // Wilson's upper limit of 0 in 600, by hand: 1.959964² / (600 + 1.959964²).
    expect(same.difference).toBe(0)
    expect(same.interval?.[1]).toBeCloseTo(0.006361701, 8)
    const classes = [...predictionsOf('ham', { agreed: 99 }), ...predictionsOf('spam', { agreed: 5 })]
    expect(compareVersions(classes, {})).not.toHaveProperty('blind')
  })

  it.each<[string, unknown, object, string]>([
    ['a prediction without a label', [{ candidateLabel: 'ham', truth: 'ham' }], {}, 'as texts'],
    ['an empty truth', [{ candidateLabel: 'ham', championLabel: 'ham', truth: '' }], {}, 'truth too where it is known'],
    ['no prediction', [undefined], {}, 'as texts'],
    ['a window that is no list', undefined, {}, 'as an array'],
    ['a class that is not declared', predictionsOf('spam', { agreed: 1 }), { classes: ['ham'] }, 'Use one of ham'],
    ['an unknown metric', [], { metric: 'f1' }, 'balancedAccuracy or accuracy'],
    ['an unknown way with volunteers', [], { volunteers: 'ignored' }, 'alike or left-out'],
    [
      'a truth of unknown origin where volunteers are left out',
      predictionsOf('ham', { agreed: 1 }),
      { volunteers: 'left-out' },
      'Pass policy or volunteer',
    ],
    ['a level in percent', [], { level: 95 }, 'above 0 and below 1'],
    ['half a truth', [], { minimumRevealed: 0.5 }, 'whole number from 0'],
    ['half a unit', [], { minimumPerClass: 0.5 }, 'whole number from 0'],
  ])('refuses %s', (_, window, options, nextStep) => {
    expect(() => compareVersions(window as never, options)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(nextStep) as string }),
    )
  })
})

import { seededRandom } from '@groundtrace/statistics'
import { describe, expect, it } from 'vitest'
import { gateLine, promotionGate, type ComparedPrediction, type GateOptions } from '@groundtrace/flywheel'
import { predictionsOf, unknown } from './window-made.ts'

const decide = (window: readonly ComparedPrediction[], options: Partial<GateOptions> = {}) =>
  promotionGate({ candidate: '2', champion: '1', metric: 'accuracy', window, ...options })

/** Every truth is known, so intervals are those of paired shares; worked out in Python from the formulas. */
const better = predictionsOf('ham', { won: 12, lost: 2, agreed: 84 })

describe('promotionGate', () => {
  // 10 / 98 = .1020 (.0280 to .1837).
  it('promotes a candidate that is better and surely not worse by the margin', () => {
    const decision = decide(better)
    expect(decision).toMatchObject({ verdict: 'promote', candidate: '2', champion: '1' })
    expect(decision.reason).toBe(
      'Better, and a loss of 1.0 points is ruled out: accuracy +10.2 points (95 % interval +2.8 to +18.4); they differ on 14 of 98 predictions, with truth known for 14 of the 14',
    )
  })

  // By hand: (ham, spam) 12, of which 6 from volunteers; (spam, ham) 2, of which 1: 7 of 14.
  it('says how much of the evidence rests on volunteers', () => {
    const window = better.map((prediction, index) => ({ ...prediction, volunteer: index % 2 === 0 }))
    expect(decide(window)).toMatchObject({
      assumedShare: 0.5,
      reason: expect.stringContaining(
        'with truth known for 14 of the 14; answers of volunteers stand for 50.0 % of the 14',
      ) as string,
    })
  })

  // 3 / 98 = .0306 (−.01215 to .0862).
  it('promotes on a gain that is not proven, when a loss of the margin is ruled out', () => {
    const window = predictionsOf('ham', { won: 3, agreed: 95 })
    expect(decide(window, { margin: 0.013 }).verdict).toBe('promote')
    expect(decide(window, { margin: 0.012 })).toMatchObject({
      verdict: 'keep',
      reason:
        'A loss of 1.2 points is not ruled out: accuracy +3.1 points (95 % interval -1.2 to +8.6); they differ on 3 of 98 predictions, with truth known for 3 of the 3',
    })
    expect(decide(window, { margin: 0 }).verdict).toBe('keep')
  })

  // By hand: accuracy + (30 − 10) / 200; recall of ham + 30 / 190, of spam − 10 / 10, so balanced − .4211.
  it('keeps a candidate out that buys accuracy by never naming the rare class, where a guard is set', () => {
    const neverSpam = [...predictionsOf('ham', { won: 30, agreed: 160 }), ...predictionsOf('spam', { lost: 10 })]
    expect(decide(neverSpam)).toMatchObject({ verdict: 'promote', difference: expect.closeTo(0.1, 12) as number })
    const guarded = decide(neverSpam, { guard: 'balancedAccuracy' })
    expect(guarded).toMatchObject({ verdict: 'keep', metric: 'accuracy' })
    expect(guarded.reason).toMatch(/^Better, but loses elsewhere: balanced accuracy -42\.1 points/)
    expect(decide(better, { guard: 'balancedAccuracy' }).verdict).toBe('promote')
  })

  it('keeps the champion when the candidate is no better, however sure that is', () => {
    const equal = predictionsOf('ham', { won: 10, lost: 10, agreed: 19_980 })
    expect(decide(equal)).toMatchObject({
      verdict: 'keep',
      reason: expect.stringMatching(/^No better: accuracy \+0\.0 points/) as string,
    })
    expect(decide(predictionsOf('ham', { won: 2, lost: 12, agreed: 84 })).verdict).toBe('keep')
    expect(decide(predictionsOf('ham', { agreed: 5000 })).verdict).toBe('keep')
  })

  // 12 won and 2 lost as above; of those the versions agree on nothing need be known.
  it('promotes on the truth of what the versions differ on, and on nothing else', () => {
    const [differ, agree] = [better.slice(0, 14), better.slice(14)]
    expect(decide([...differ, ...unknown(agree)])).toEqual({
      ...decide(better),
      candidateQuality: expect.any(Number) as number,
      championQuality: expect.any(Number) as number,
    })
  })

  it('is not content with what was revealed while a disagreement in another stratum may be anything', () => {
    const hidden = unknown(predictionsOf('ham', { won: 10 })).map((prediction) => ({
      ...prediction,
      stratum: 'hidden',
    }))
    const decision = decide([...better, ...hidden])
    expect(decision).toMatchObject({ verdict: 'keep', unrevealedDisagreements: 10, disagreements: 24 })
    // By hand: 22 of 108 if all are won like the others, and 20 of 108 less if all are lost.
    expect(decision.difference).toBeCloseTo(20 / 108, 12)
    expect(decision.interval?.[0]).toBeLessThan(0)
  })

  it('is blind, not content, when there is too little evidence', () => {
    expect(decide([])).toMatchObject({ verdict: 'blind', difference: undefined, interval: undefined })
    const few = [...predictionsOf('ham', { won: 4, agreed: 96 }), ...unknown(predictionsOf('ham', { won: 40 }))]
    expect(decide(few)).toMatchObject({
      verdict: 'blind',
      reason: 'The versions differ on 44 predictions, with truth known for 4 of them; at least 5 needed',
    })
    expect(decide(predictionsOf('ham', { won: 50, agreed: 150 }), { metric: 'balancedAccuracy' })).toMatchObject({
      verdict: 'blind',
      reason: 'All known truths are of class "ham"',
    })
  })

  it('does not promote a version that only learned the common class', () => {
    const window = [
      ...predictionsOf('ham', { won: 12, agreed: 168 }),
      ...predictionsOf('spam', { lost: 8, agreed: 12 }),
    ]
    expect(decide(window).difference).toBeGreaterThan(0)
    expect(decide(window, { metric: 'balancedAccuracy' })).toMatchObject({ verdict: 'keep' })
  })

  // The level says how often: (1 − .95) / 2 = 2.5 %; 2,000 runs put three standard errors at 1.05 %.
  it.each(['accuracy', 'balancedAccuracy'] as const)(
    'judging by %s, promotes a candidate that is worse by the margin in no more than one case of 40',
    (metric) => {
      const random = seededRandom(`worse by the margin in ${metric}`)
      const wrong = { ham: 'spam', spam: 'ham' } as const
      // Both err on 10 %; beyond that the candidate wins 2 % and loses 4 %: worse by the margin of 2 %, in either class.
      const draw = (): ComparedPrediction => {
        const truth = random() < 0.3 ? 'spam' : 'ham'
        const u = random()
        const candidateRight = u < 0.02 || u >= 0.16
        const championRight = (u >= 0.02 && u < 0.06) || u >= 0.16
        const championLabel = championRight ? truth : wrong[truth]
        const propensity = championLabel === 'spam' ? 0.15 : 0.25
        return {
          candidateLabel: candidateRight ? truth : wrong[truth],
          championLabel,
          policy: { action: championLabel, propensity, explored: true },
          ...(random() < propensity ? { truth } : {}),
        }
      }
      let promoted = 0
      for (let run = 0; run < 2000; run += 1) {
        const window = Array.from({ length: 400 }, draw)
        if (decide(window, { metric, margin: 0.02, minimumRevealed: 1 }).verdict === 'promote') promoted += 1
      }
      expect(promoted / 2000).toBeLessThan(0.025 + 0.0105)
      // And it does promote now and then, so the bound above is not kept by never promoting.
      expect(promoted).toBeGreaterThan(0)
    },
  )

  it.each<[string, Partial<Record<keyof GateOptions, unknown>>, string]>([
    ['one name for both', { candidate: '1' }, 'nextVersion'],
    ['a candidate without a name', { candidate: undefined }, '1 to 64'],
    ['a champion without a name', { champion: '' }, '1 to 64'],
    ['a margin in percent', { margin: 2 }, 'from 0 to 1'],
    ['no window', { window: undefined }, 'as an array'],
  ])('refuses %s', (_, fields, nextStep) => {
    const options = { candidate: '2', champion: '1', window: [], ...fields }
    expect(() => promotionGate(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(nextStep) as string }),
    )
  })

  it('refuses no options', () => {
    expect(() => promotionGate(undefined as never)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })
})

describe('gateLine', () => {
  it('keeps the verdict and its figures', () => {
    const decision = decide(better)
    expect(gateLine('filter', decision, 5)).toMatchObject({
      kind: 'gate-decided',
      model: 'filter',
      candidate: '2',
      champion: '1',
      verdict: 'promote',
      reason: decision.reason,
      time: 5,
    })
  })
})

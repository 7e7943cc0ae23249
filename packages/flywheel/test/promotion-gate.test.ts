import { seededRandom } from '@groundtrace/statistics'
import { describe, expect, it } from 'vitest'
import { gateLine, promotionGate, type GateOptions, type LabelledPair } from '@groundtrace/flywheel'
import { pairsOf } from './labelled-pairs.ts'

const decide = (validation: readonly LabelledPair[], options: Partial<GateOptions> = {}) =>
  promotionGate({ candidate: '2', champion: '1', metric: 'accuracy', validation, ...options })

describe('promotionGate', () => {
  // Intervals by hand: (b − c) / (n + 2) ± 1.959964 · √(((b + c + 2) − (b − c)² / (n + 2)) / (n + 2)²), n = 98.
  it('promotes a candidate that is better and surely not worse by the margin', () => {
    // .10 ± .0759: lower end .0241.
    const decision = decide(pairsOf('ham', 98, 12, 2))
    expect(decision).toMatchObject({ verdict: 'promote', candidate: '2', champion: '1' })
    expect(decision.reason).toBe(
      'Better, and not worse by 1.0 %: accuracy +10.2 % (+2.4 % to +17.6 %; 98 units, worth 98)',
    )
  })

  it('says how much of the evidence rests on volunteers', () => {
    const validation = pairsOf('ham', 98, 12, 2).map((pair, index) => ({ ...pair, volunteer: index < 49 }))
    expect(decide(validation)).toMatchObject({
      assumedShare: 0.5,
      reason: expect.stringContaining('worth 98; 50.0 % of the weight on volunteers)') as string,
    })
  })

  it('promotes on a gain that is not proven, when a loss of the margin is ruled out', () => {
    // (4 − 1) / 100 = .03 ± 1.959964 · √(.05 − .0009) / 10 = .03 ± .0434: lower end −.0134.
    const pairs = pairsOf('ham', 98, 3, 0)
    expect(decide(pairs, { margin: 0.014 }).verdict).toBe('promote')
    expect(decide(pairs, { margin: 0.013 })).toMatchObject({
      verdict: 'keep',
      reason: 'May be worse by 1.3 % or more: accuracy +3.1 % (-1.3 % to +7.3 %; 98 units, worth 98)',
    })
    expect(decide(pairs, { margin: 0 }).verdict).toBe('keep')
  })

  it('keeps the champion when the candidate is no better, however sure that is', () => {
    expect(decide(pairsOf('ham', 20_000, 10, 10)).reason).toMatch(/^No better: accuracy \+0\.0 %/)
    expect(decide(pairsOf('ham', 20_000, 10, 10)).verdict).toBe('keep')
    expect(decide(pairsOf('ham', 98, 2, 12)).verdict).toBe('keep')
  })

  it('is blind, not content, when there is too little evidence', () => {
    expect(decide([])).toMatchObject({ verdict: 'blind', difference: undefined, interval: undefined })
    expect(decide(pairsOf('ham', 29, 29, 0))).toMatchObject({ verdict: 'blind' })
    expect(decide(pairsOf('ham', 200, 50, 0), { metric: 'balancedAccuracy' })).toMatchObject({
      verdict: 'blind',
      reason: 'All units are of class "ham"',
    })
  })

  it('does not promote a version that only learned the common class', () => {
    const pairs = [...pairsOf('ham', 180, 12, 0), ...pairsOf('spam', 20, 0, 8)]
    expect(decide(pairs, { metric: 'accuracy' }).difference).toBeGreaterThan(0)
    expect(decide(pairs, { metric: 'balancedAccuracy' })).toMatchObject({ verdict: 'keep' })
  })

  // The level says how often: (1 − .95) / 2 = 2.5 %; 2,000 runs put three standard errors at 1.05 %.
  it('promotes a candidate that is worse by the margin in no more than 2.5 % of the cases', () => {
    const random = seededRandom('worse by the margin')
    const wrong = { ham: 'spam', spam: 'ham' } as const
    const draw = (): LabelledPair => {
      const truth = random() < 0.3 ? 'spam' : 'ham'
      // Both err on 10 %; beyond that the candidate wins 5 % and loses 10 %: worse by the margin of 5 %.
      const u = random()
      const candidateRight = u < 0.05 || u >= 0.25
      const championRight = (u >= 0.05 && u < 0.15) || u >= 0.25
      return {
        truth,
        candidateLabel: candidateRight ? truth : wrong[truth],
        championLabel: championRight ? truth : wrong[truth],
      }
    }
    let promoted = 0
    for (let run = 0; run < 2000; run += 1) {
      const validation = Array.from({ length: 150 }, draw)
      if (decide(validation, { metric: 'balancedAccuracy', margin: 0.05 }).verdict === 'promote') promoted += 1
    }
    expect(promoted / 2000).toBeLessThan(0.025 + 0.0105)
    // And it does promote now and then, so the bound above is not kept by never promoting.
    expect(promoted).toBeGreaterThan(0)
  })

  it.each<[string, Partial<Record<keyof GateOptions, unknown>>, string]>([
    ['one name for both', { candidate: '1' }, 'nextVersion'],
    ['a candidate without a name', { candidate: undefined }, '1 to 64'],
    ['a champion without a name', { champion: '' }, '1 to 64'],
    ['a margin in percent', { margin: 2 }, 'from 0 to 1'],
    ['no validation set', { validation: undefined }, 'as an array'],
  ])('refuses %s', (_, fields, nextStep) => {
    const options = { candidate: '2', champion: '1', validation: [], ...fields }
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
    const decision = decide(pairsOf('ham', 98, 12, 2))
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

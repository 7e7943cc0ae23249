import type { Policy } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { revealWeights, type RevealWeightsOptions } from '@groundtrace/flywheel'
import { idOf, predictionOf } from './examples-made.ts'

const under = (n: number, policy: Policy) => predictionOf(n, { policy })
/** Ten blocked, of which chance released 1 and 2; ten passed, of which chance audited 11 and 12 to 14 spoke up unasked. */
const predictions = [
  ...Array.from({ length: 10 }, (_, i) => under(i + 1, { action: 'block', propensity: 0.2, explored: i < 2 })),
  ...Array.from({ length: 10 }, (_, i) => under(i + 11, { action: 'pass', propensity: 0.1, explored: i < 1 })),
]
const revealed = [1, 2, 11, 12, 13, 14].map((n) => idOf(n))

const stratumOf = ({ value }: { value?: unknown }) => String(value)

describe('revealWeights', () => {
  // By hand: blocked 10 / 2 = 5 each; passed 10 / 4 = 2.5 each, three of them volunteers: 7.5 of 20.
  it('makes the revealed stand for their stratum, and says how much rests on volunteers', () => {
    const result = revealWeights({ predictions, revealed })
    expect(Object.fromEntries(result.weights)).toEqual({
      [idOf(1)]: 5,
      [idOf(2)]: 5,
      [idOf(11)]: 2.5,
      [idOf(12)]: 2.5,
      [idOf(13)]: 2.5,
      [idOf(14)]: 2.5,
    })
    expect(result.strata).toEqual([
      { stratum: 'block at 0.2', predictions: 10, revealed: 2, explored: 2, weight: 5 },
      { stratum: 'pass at 0.1', predictions: 10, revealed: 4, explored: 1, weight: 2.5 },
    ])
    expect(result.assumedShare).toBe(0.375)
    expect(result.uncoveredShare).toBe(0)
  })

  it('leaves volunteers out on request, and then rests on nothing assumed', () => {
    const result = revealWeights({ predictions, revealed, volunteers: 'left-out' })
    expect(Object.fromEntries(result.weights)).toEqual({ [idOf(1)]: 5, [idOf(2)]: 5, [idOf(11)]: 10 })
    expect(result.assumedShare).toBe(0)
  })

  it('says what share nothing was revealed of', () => {
    const { uncoveredShare, strata } = revealWeights({ predictions, revealed: [idOf(12)] })
    expect(uncoveredShare).toBe(0.5)
    expect(strata[0]).toEqual({ stratum: 'block at 0.2', predictions: 10, revealed: 0, explored: 0 })
  })

  it('takes predictions without policy as one stratum, and strata of your own', () => {
    const plain = [1, 2, 3, 4].map((n) => predictionOf(n, { value: n < 4 ? 'spam' : 'ham' }))
    expect([...revealWeights({ predictions: plain, revealed: [idOf(1)] }).weights.values()]).toEqual([4])
    const own = revealWeights({ predictions: plain, revealed: [idOf(1), idOf(4)], stratumOf })
    expect([...own.weights.values()]).toEqual([3, 1])
  })

  it('has no weights and no shares of nothing', () => {
    const nothing = { strata: [], assumedShare: 0, uncoveredShare: 0 }
    expect(revealWeights({ predictions: [], revealed: [] })).toEqual({ weights: new Map(), ...nothing })
  })

  it('gives weights that add up to the predictions of the strata that were revealed, each at least 1', () => {
    const policies = fc.array(
      fc.record({
        action: fc.constantFrom('block', 'pass'),
        propensity: fc.constantFrom(0.03, 0.1, 0.25),
        explored: fc.boolean(),
        known: fc.boolean(),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(policies, fc.constantFrom('alike' as const, 'left-out' as const), (policies, volunteers) => {
        const all = policies.map((policy, index) => under(index + 1, policy))
        const known = all.filter((_, index) => policies[index]?.known).map(({ id }) => id)
        const { weights, strata, uncoveredShare } = revealWeights({ predictions: all, revealed: known, volunteers })
        const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
        const covered = strata.filter(({ weight }) => weight !== undefined).reduce((sum, s) => sum + s.predictions, 0)
        expect(total).toBeCloseTo(covered, 9)
        expect([...weights.values()].every((weight) => weight >= 1)).toBe(true)
        expect(uncoveredShare * all.length).toBeCloseTo(all.length - covered, 9)
      }),
    )
  })

  it.each<[string, Partial<Record<keyof RevealWeightsOptions, unknown>>, string]>([
    ['a revealed prediction of another period', { revealed: [idOf(99)] }, 'same period'],
    ['an unknown way with volunteers', { volunteers: 'ignored' }, 'alike or left-out'],
    ['a stratum that is no function', { stratumOf: 'action' }, 'as a function'],
    ['predictions that are no list', { predictions: undefined }, 'as an array'],
  ])('refuses %s', (_, fields, nextStep) => {
    const options: unknown = { predictions, revealed, ...fields }
    expect(() => revealWeights(options as RevealWeightsOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(nextStep) as string }),
    )
  })
})

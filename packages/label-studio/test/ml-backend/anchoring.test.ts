import { describe, expect, it } from 'vitest'
import { anchoring, type AnsweredServed } from '../../src/ml-backend/anchoring.ts'

const answers = (blind: boolean, agree: number, of: number): readonly AnsweredServed[] =>
  Array.from({ length: of }, (_, at) => ({ blind, agrees: at < agree }))

describe('anchoring', () => {
  it('is the difference of agreement where the prediction was shown and where it was not', () => {
    // Newcombe 1998, table II, method 10: 56/70 − 48/80 has the interval 0.0524 to 0.3339.
    const found = anchoring([...answers(false, 56, 70), ...answers(true, 48, 80)])
    expect(found).toMatchObject({
      state: 'anchored',
      shown: { successes: 56, trials: 70 },
      blind: { successes: 48, trials: 80 },
    })
    expect(found.difference).toBeCloseTo(0.2, 14)
    expect(found.interval?.map((end) => end.toFixed(4))).toEqual(['0.0524', '0.3339'])
  })

  it.each<[string, number, number, number, number]>([
    ['no blind answer', 9, 10, 0, 0],
    ['few answers that look alike', 8, 10, 8, 10],
    ['few answers that look different', 6, 7, 4, 7],
  ])('is unknown from %s', (_, shown, ofShown, blind, ofBlind) => {
    expect(anchoring([...answers(false, shown, ofShown), ...answers(true, blind, ofBlind)]).state).toBe('unknown')
  })

  it('is negligible only where enough answers say so', () => {
    expect(anchoring([...answers(false, 8000, 10_000), ...answers(true, 4000, 5000)]).state).toBe('negligible')
  })

  it('refuses a tolerance that is none', () => {
    expect(() => anchoring([], { tolerance: 0 })).toThrow(/tolerance is 0/)
  })
})

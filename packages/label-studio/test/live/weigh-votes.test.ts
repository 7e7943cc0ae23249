import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weighVotes } from '../../src/live/weigh-votes.ts'

const CLASSES = ['ham', 'spam']

describe('votes and the model together', () => {
  it('are the model alone without a vote', () => {
    expect(weighVotes(CLASSES, [0.3, 0.7], [], () => 0.9)).toEqual([expect.closeTo(0.3, 15), expect.closeTo(0.7, 15)])
  })

  it('are Bayes’ rule', () => {
    // 0.6 · 0.1 · 0.2 against 0.4 · 0.9 · 0.8: 0.012 of 0.3.
    const votes = [
      { annotator: 1, value: 'spam' },
      { annotator: 2, value: 'spam' },
    ]
    const skill = new Map([
      [1, 0.9],
      [2, 0.8],
    ])
    const [ham, spam] = weighVotes(CLASSES, [0.6, 0.4], votes, (annotator) => skill.get(annotator))
    expect(ham).toBeCloseTo(0.012 / 0.3, 14)
    expect(spam).toBeCloseTo(0.288 / 0.3, 14)
  })

  it('take what an annotator is taken in by from his confusion', () => {
    // Says spam of 0.5 of the ham and of 0.9 of the spam: 0.5 · 0.5 against 0.5 · 0.9.
    const confusion = [
      [0.5, 0.5],
      [0.1, 0.9],
    ]
    const [ham] = weighVotes(CLASSES, [0.5, 0.5], [{ annotator: 1, value: 'spam' }], () => confusion)
    expect(ham).toBeCloseTo(0.25 / 0.7, 14)
  })

  it('move by somebody unknown as by one who is right three times of four', () => {
    expect(weighVotes(CLASSES, [0.5, 0.5], [{ annotator: 1, value: 'ham' }], () => undefined)[0]).toBeCloseTo(0.75, 14)
  })

  it('never become certain by one vote, and not at all by one who guesses', () => {
    const vote = [{ annotator: 1, value: 'spam' }]
    expect(weighVotes(CLASSES, [0.5, 0.5], vote, () => 1)[1]).toBeCloseTo(0.99, 14)
    expect(weighVotes(['a', 'b', 'c'], [0.2, 0.3, 0.5], [{ annotator: 1, value: 'a' }], () => 1 / 3)).toEqual([
      expect.closeTo(0.2, 14),
      expect.closeTo(0.3, 14),
      expect.closeTo(0.5, 14),
    ])
  })

  it('sum to 1 and do not depend on the order of votes', () => {
    const votes = fc.array(
      fc.record({ annotator: fc.integer({ min: 1, max: 9 }), value: fc.constantFrom('a', 'b', 'c') }),
    )
    fc.assert(
      fc.property(votes, fc.double({ min: 0.01, max: 0.98, noNaN: true }), (said, first) => {
        const weigh = (list: typeof said) =>
          weighVotes(['a', 'b', 'c'], [first, (1 - first) / 2, (1 - first) / 2], list, (annotator) => annotator / 10)
        const forth = weigh(said)
        expect(forth.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
        weigh(said.toReversed()).forEach((share, at) => expect(share).toBeCloseTo(forth[at] ?? Number.NaN, 10))
      }),
    )
  })
})

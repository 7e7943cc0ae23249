import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crowdVerdict, type Belief } from '../../src/truth/crowd-verdict.ts'
import { checkedTruthPolicy, type CrowdPolicy } from '../../src/truth/truth-policy.ts'
import type { UnitVotes, Vote } from '../../src/truth/votes.ts'

const CLASSES = ['a', 'b', 'c']
const NOBODY: Belief = { method: 'majority' }

function crowd(policy: Partial<CrowdPolicy> = {}) {
  const checked = checkedTruthPolicy({ classes: CLASSES, crowd: { project: 'crowd', ...policy } }).crowd
  if (checked === undefined) throw new Error('it has a crowd')
  return checked
}

/** `'aab'`: annotators 1 and 2 say a, 3 says b. */
function votes(labels: string, more: Partial<UnitVotes> = {}, groups = ''): UnitVotes {
  const cast = labels.split('').map((label, index): Vote => ({
    annotator: index + 1,
    label,
    ...(groups[index] && { group: groups[index] }),
  }))
  return { votes: cast, unclear: 0, skipped: 0, uncounted: 0, ...more }
}

describe('agreement', () => {
  test('settles a unit once enough annotators say the same', () => {
    expect(crowdVerdict(votes('aaba'), NOBODY, crowd())).toEqual({
      state: 'settled',
      label: 'a',
      by: 'agreement',
      method: 'majority',
      tally: { labels: { a: 3, b: 1 }, answers: 4, unclear: 0, skipped: 0, uncounted: 0 },
    })
  })

  test('leaves a unit of too few answers open, and says so', () => {
    expect(crowdVerdict(votes(''), NOBODY, crowd())).toMatchObject({ state: 'open', why: ['no-answers'] })
    expect(crowdVerdict(votes('a'), NOBODY, crowd())).toMatchObject({
      state: 'open',
      why: ['too-few-answers', 'no-agreement', 'no-posterior'],
    })
  })

  test('of two labels that both have enough is none', () => {
    const policy = crowd({ agreeing: 2, maximum: 5 })
    expect(crowdVerdict(votes('aabb'), NOBODY, policy)).toMatchObject({ state: 'open', why: ['tied', 'no-posterior'] })
    expect(crowdVerdict(votes('aabba'), NOBODY, policy)).toMatchObject({
      state: 'contentious',
      why: ['no-agreement', 'no-posterior'],
    })
  })

  test('does not count skips', () => {
    expect(crowdVerdict(votes('aa', { skipped: 7 }), NOBODY, crowd())).toMatchObject({ state: 'open' })
  })
})

const sure = (a: number): Belief => ({ method: 'one-coin', probability: { a, b: 1 - a, c: 0 } })

describe('the posterior', () => {
  test('settles at the bound, not below it', () => {
    expect(crowdVerdict(votes('aa'), sure(0.95), crowd())).toMatchObject({
      state: 'settled',
      label: 'a',
      by: 'posterior',
      posterior: 0.95,
      method: 'one-coin',
    })
    expect(crowdVerdict(votes('aa'), sure(0.9499), crowd())).toMatchObject({ state: 'open', posterior: 0.9499 })
  })

  test('settles nothing that fewer than the minimum answered', () => {
    expect(crowdVerdict(votes('a'), sure(0.999), crowd())).toMatchObject({ state: 'open' })
  })

  test('settles no label that nobody gave', () => {
    expect(crowdVerdict(votes('bb'), sure(0.99), crowd())).toMatchObject({ state: 'open' })
  })

  test('keeps what it settled down to release', () => {
    expect(crowdVerdict(votes('aa'), sure(0.9), crowd(), 'a')).toMatchObject({ state: 'settled' })
    expect(crowdVerdict(votes('aa'), sure(0.8999), crowd(), 'a')).toMatchObject({ state: 'open' })
    expect(crowdVerdict(votes('aab'), sure(0.9), crowd(), 'b')).toMatchObject({ state: 'open' })
  })

  test('that is sure of another label than annotators agree on makes the unit contentious', () => {
    expect(crowdVerdict(votes('bbba'), sure(0.96), crowd())).toMatchObject({
      state: 'contentious',
      why: ['rules-disagree'],
    })
  })

  test('that is too low when no more answers come makes it contentious', () => {
    expect(crowdVerdict(votes('aabbc'), sure(0.6), crowd())).toMatchObject({
      state: 'contentious',
      why: ['tied', 'low-posterior'],
      posterior: 0.6,
    })
  })
})

test('flags make a unit contentious, also one that annotators agree on', () => {
  expect(crowdVerdict(votes('aaa', { unclear: 1 }), NOBODY, crowd())).toMatchObject({ state: 'settled' })
  expect(crowdVerdict(votes('aaa', { unclear: 2 }), NOBODY, crowd())).toMatchObject({
    state: 'contentious',
    why: ['unclear'],
  })
  expect(crowdVerdict(votes('', { unclear: 2 }), NOBODY, crowd())).toMatchObject({
    state: 'contentious',
    why: ['unclear', 'no-answers'],
  })
})

describe('groups', () => {
  const policy = crowd({ groups: { members: { de: [1, 2], en: [3], fr: [4] }, atLeast: 2 } })

  test('that have not answered are waited for, by name', () => {
    expect(crowdVerdict(votes('aaa', {}, 'ddd'), NOBODY, { ...policy, groups: ['d', 'e', 'f'] })).toMatchObject({
      state: 'open',
      why: ['groups-missing'],
      missingGroups: ['e', 'f'],
    })
    expect(crowdVerdict(votes('aaa', {}, 'dde'), NOBODY, { ...policy, groups: ['d', 'e', 'f'] })).toMatchObject({
      state: 'settled',
      label: 'a',
    })
  })

  test('that are missing when no more answers come make it contentious', () => {
    expect(crowdVerdict(votes('aaaaa', {}, 'ddddd'), NOBODY, { ...policy, groups: ['d', 'e'] })).toMatchObject({
      state: 'contentious',
      why: ['groups-missing'],
      missingGroups: ['e'],
    })
  })

  test('of two or more that say otherwise make it contentious, one voice does not', () => {
    const groups = { ...policy, groups: ['d', 'e'] }
    expect(crowdVerdict(votes('aaabb', {}, 'dddee'), NOBODY, groups)).toMatchObject({
      state: 'contentious',
      why: ['groups-disagree'],
    })
    expect(crowdVerdict(votes('aaab', {}, 'ddde'), NOBODY, groups)).toMatchObject({ state: 'settled' })
  })
})

/** Prelec, Seung and McCoy's question: is Philadelphia the capital? Most say yes, and all expect most to say yes. */
const asked = (labels: string, sharesOf: (label: string) => number): UnitVotes => {
  const { votes: cast, ...rest } = votes(labels)
  return {
    ...rest,
    votes: cast.map((vote) => {
      const a = sharesOf(vote.label)
      return { ...vote, shares: { a, b: 1 - a, c: 0 } }
    }),
  }
}

describe('the surprisingly popular label', () => {
  const policy = crowd({ rule: 'surprisingly-popular', maximum: 5 })
  test('is settled once as many have answered as the policy asks for, also against a majority', () => {
    // 3 of 5 say a (60 %), and expect 90 and 70 % of people to: on average 82 %. So a is less popular than expected.
    const unit = asked('aaabb', (label) => (label === 'a' ? 0.9 : 0.7))
    expect(crowdVerdict(unit, NOBODY, policy)).toMatchObject({
      state: 'settled',
      label: 'b',
      by: 'surprise',
      method: 'surprisingly-popular/1',
    })
  })

  test('is not looked for before', () => {
    const unit = asked('aaaa', () => 0.5)
    expect(crowdVerdict(unit, NOBODY, policy)).toMatchObject({ state: 'open', why: ['too-few-answers'] })
  })

  test('is not known where annotators did not say what they expect', () => {
    expect(crowdVerdict(votes('aaaaa'), NOBODY, policy)).toMatchObject({
      state: 'contentious',
      why: ['shares-missing'],
    })
  })

  test('is none where two labels are as surprising and as popular', () => {
    const four = crowd({ rule: 'surprisingly-popular', maximum: 4 })
    expect(
      crowdVerdict(
        asked('aabb', () => 0.5),
        NOBODY,
        four,
      ),
    ).toMatchObject({ state: 'contentious', why: ['tied'] })
  })
})

const unit = fc.record({
  labels: fc.array(fc.constantFrom(...CLASSES), { maxLength: 7 }),
  unclear: fc.nat(3),
  weights: fc.tuple(fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 20 })),
  modelled: fc.boolean(),
})
const policies = fc.record({
  agreeing: fc.integer({ min: 1, max: 4 }),
  minimum: fc.integer({ min: 1, max: 4 }),
  maximum: fc.integer({ min: 4, max: 6 }),
  posterior: fc.constantFrom(0.6, 0.8, 0.95),
  unclear: fc.integer({ min: 1, max: 3 }),
})

test('a unit is settled exactly when the rules as they are written say so, whatever the order of its answers', () => {
  fc.assert(
    fc.property(unit, policies, fc.boolean(), ({ labels, unclear, weights, modelled }, given, reverse) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const probability = Object.fromEntries(CLASSES.map((name, index) => [name, (weights[index] ?? 0) / total]))
      const belief = modelled ? { method: 'one-coin', probability } : NOBODY
      const policy = crowd({ ...given, release: given.posterior })
      const cast = votes(labels.join(''), { unclear })
      const verdict = crowdVerdict({ ...cast, votes: reverse ? cast.votes.toReversed() : cast.votes }, belief, policy)

      // The rules again, each by itself: for every label, does it hold?
      const number = (label: string): number => labels.filter((one) => one === label).length
      const agreed = CLASSES.filter((label) => number(label) >= given.agreeing)
      const probable = CLASSES.filter(
        (label) =>
          modelled &&
          number(label) > 0 &&
          labels.length >= given.minimum &&
          (probability[label] ?? 0) >= given.posterior,
      )
      const candidates = new Set([...(agreed.length === 1 ? agreed : []), ...probable])
      const settles = candidates.size === 1 && unclear < given.unclear
      const isContentious = unclear >= given.unclear || candidates.size > 1 || labels.length >= given.maximum
      expect(verdict.state).toBe(settles ? 'settled' : isContentious ? 'contentious' : 'open')
      expect('label' in verdict ? [verdict.label] : []).toEqual(settles ? [...candidates] : [])
      expect('why' in verdict && verdict.why.length > 0).toBe(!settles)
      expect(verdict.tally.answers).toBe(labels.length)
    }),
    { numRuns: 2000 },
  )
})

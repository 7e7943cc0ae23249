import type { TrackingId } from '@groundtrace/core'
import {
  createExploration,
  uniform,
  type Exploration,
  type ExplorationOptions,
  type Intent,
} from '@groundtrace/exploration'
import { describe, expect, test } from 'vitest'
import { ids, SECRET } from './ids.ts'
import { refusal } from '../../core/test/refusal.ts'

const IDS = ids(2000)
const [id] = IDS as [TrackingId]
const release = {
  action: 'block',
  tiers: [
    { from: 0.5, propensity: 0.25 },
    { from: 0.8, propensity: 0.1 },
  ],
}
const audit = { action: 'pass', propensity: 0.02 }
const exploration = createExploration({ secret: SECRET, release, audit })
const auditAt = (propensity: number): Exploration =>
  createExploration({ secret: SECRET, audit: { action: 'pass', propensity } })

test.each([
  ['in the first tier', 0.6, 0.25],
  ['at the start of the first tier', 0.5, 0.25],
  ['just below the second tier', 0.7999999999999999, 0.25],
  ['at the start of the second tier', 0.8, 0.1],
  ['far above', 1e9, 0.1],
])('a blocked prediction %s is released by its tier and the draw for release', (_, score, propensity) => {
  for (const one of IDS) {
    const explored = uniform({ secret: SECRET, purpose: 'release' }, one) < propensity
    expect(exploration.decide(one, { action: 'block', score })).toEqual({ action: 'block', propensity, explored })
  }
})

test('a prediction that passes is audited by the draw for audit, whatever its score', () => {
  for (const one of IDS) {
    const explored = uniform({ secret: SECRET, purpose: 'audit' }, one) < 0.02
    expect(exploration.decide(one, { action: 'pass' })).toEqual({ action: 'pass', propensity: 0.02, explored })
    expect(exploration.decide(one, { action: 'pass', score: 0.1 })).toMatchObject({ explored })
  }
})

test('an action without a rule is left alone', () => {
  expect(exploration.decide(id, { action: 'quarantine', score: 0.9 })).toEqual({ action: 'quarantine' })
  const audited = createExploration({ secret: SECRET, audit })
  expect(audited.decide(id, { action: 'block', score: 0.9 })).toEqual({ action: 'block' })
  const released = createExploration({ secret: SECRET, release })
  expect(released.decide(id, { action: 'pass', score: 0.1 })).toEqual({ action: 'pass' })
})

test('deciding again decides the same', () => {
  const again = createExploration({ secret: new TextEncoder().encode(SECRET), release, audit })
  for (const one of IDS) {
    const intent = { action: 'block', score: 0.6 }
    expect(again.decide(one, intent)).toEqual(exploration.decide(one, intent))
  }
})

describe('a draw by business key', () => {
  const many = createExploration({ secret: SECRET, audit: { action: 'pass', propensity: 0.3 } })

  test('is the same at every try, whatever the tracking ID', () => {
    for (const unit of ['order-1', 'order-2', 'order-3', 'order-4']) {
      const draws = new Set(IDS.map((one) => many.decide(one, { action: 'pass', unit }).explored))
      expect(draws.size).toBe(1)
    }
  })

  test('explores the share of keys that it says', () => {
    const keys = 10_000
    const explored = Array.from(
      { length: keys },
      (_, key) => many.decide(id, { action: 'pass', unit: `order-${key}` }).explored,
    )
    // Five standard deviations of a binomial count.
    expect(Math.abs(explored.filter(Boolean).length - 0.3 * keys)).toBeLessThan(5 * Math.sqrt(keys * 0.3 * 0.7))
  })

  test.each([[''], ['x'.repeat(257)], [7]])('is refused for unit %j', (unit) => {
    const intent = { action: 'pass', unit } as unknown as Intent
    expect(() => many.decide(id, intent)).toThrow(refusal('invalid-argument', /Unit .* is no short text/))
  })
})

test('who is released at a low propensity is released at every higher one', () => {
  const [few, many] = [auditAt(0.05), auditAt(0.5)]
  const fewer = IDS.filter((one) => few.decide(one, { action: 'pass' }).explored)
  expect(fewer.length).toBeGreaterThan(0)
  expect(fewer.every((one) => many.decide(one, { action: 'pass' }).explored)).toBe(true)
})

test('a propensity of 1 explores everybody', () => {
  const all = auditAt(1)
  expect(IDS.every((one) => all.decide(one, { action: 'pass' }).explored)).toBe(true)
})

test('later changes of what it was made of change nothing', () => {
  const secret = new TextEncoder().encode(SECRET)
  const tiers = [{ from: -Infinity, propensity: 1 }]
  const made = createExploration({ secret, release: { action: 'block', tiers } })
  secret.fill(0)
  tiers[0] = { from: 5, propensity: 0.1 }
  expect(made.decide(id, { action: 'block', score: 0 })).toEqual({ action: 'block', propensity: 1, explored: true })
  expect(made).not.toHaveProperty('secret')
  expect(JSON.stringify(made)).not.toContain(SECRET)
})

describe('what can not be an exploration is refused', () => {
  test.each<readonly [what: string, options: object, cause: RegExp]>([
    ['a short secret', { secret: 'short' }, /has 5 bytes/],
    ['no secret', { secret: undefined }, /neither text nor bytes/],
    ['no rules', { release: undefined, audit: undefined }, /neither a release nor an audit rule/],
    ['both rules on one action', { audit: { action: 'block', propensity: 0.1 } }, /Both rules are for action "block"/],
    ['no tiers', { release: { action: 'block', tiers: [] } }, /no tiers/],
    ['tiers that are no list', { release: { action: 'block', tiers: { from: 0 } } }, /no tiers/],
    ['a release rule of null', { release: null }, /no tiers/],
    ['a tier of null', { release: { action: 'block', tiers: [null] } }, /starts from undefined/],
    ['a hole in the tiers', { release: { action: 'block', tiers: Object.assign([], { length: 1 }) } }, /starts from/],
    [
      'a tier from NaN',
      { release: { action: 'block', tiers: [{ from: Number.NaN, propensity: 1 }] } },
      /starts from NaN/,
    ],
    [
      'a tier from infinity',
      { release: { action: 'block', tiers: [{ from: Infinity, propensity: 1 }] } },
      /from Infinity/,
    ],
    ['a tier from text', { release: { action: 'block', tiers: [{ from: '0.5', propensity: 1 }] } }, /from "0.5"/],
    [
      'a tier of propensity 0',
      { release: { action: 'block', tiers: [{ from: 0, propensity: 0 }] } },
      /Propensity 0 of/,
    ],
    ['a tier of 25', { release: { action: 'block', tiers: [{ from: 0, propensity: 25 }] } }, /Propensity 25 of/],
    ['tiers out of order', { release: { ...release, tiers: release.tiers.toReversed() } }, /stands behind the tier/],
    [
      'one tier twice',
      { release: { ...release, tiers: [release.tiers[0], release.tiers[0]] } },
      /stands behind the tier/,
    ],
    [
      'a release action with a space',
      { release: { ...release, action: 'to block' } },
      /"to block" of the release rule/,
    ],
    ['an audit without action', { audit: { propensity: 0.1 } }, /Action undefined of the audit rule/],
    ['an audit of propensity 0', { audit: { action: 'pass', propensity: 0 } }, /Propensity 0 of the audit rule/],
    ['an audit of more than 1', { audit: { action: 'pass', propensity: 1.01 } }, /Propensity 1.01 of the audit rule/],
    ['an audit of NaN', { audit: { action: 'pass', propensity: Number.NaN } }, /Propensity NaN of the audit rule/],
    ['an audit in BigInt', { audit: { action: 'pass', propensity: 1n } }, /Propensity 1 of the audit rule/],
    ['an audit of null', { audit: null }, /of the audit rule/],
  ])('%s', (_, options, cause) => {
    const made = { secret: SECRET, release, audit, ...options } as unknown as ExplorationOptions
    expect(() => createExploration(made)).toThrow(refusal('invalid-argument', cause))
  })

  test.each([[undefined], [null], ['secret']])('%j', (options) => {
    expect(() => createExploration(options as unknown as ExplorationOptions)).toThrow(
      refusal('invalid-argument', /neither text nor bytes/),
    )
  })
})

describe('what can not be decided is refused', () => {
  test.each<readonly [what: string, intent: unknown, cause: RegExp]>([
    ['no action', { score: 0.9 }, /Action undefined is no short text/],
    ['an empty action', { action: '', score: 0.9 }, /Action "" is no short text/],
    ['an action too long', { action: 'x'.repeat(257) }, /is no short text/],
    ['an action that is a number', { action: 3 }, /Action 3 is no short text/],
    ['a blocked one without score', { action: 'block' }, /score is missing/i],
    ['a score that is no number', { action: 'block', score: Number.NaN }, /Score NaN is not a finite number/],
    ['a score of infinity', { action: 'pass', score: Infinity }, /Score Infinity is not a finite number/],
    ['a score in text', { action: 'block', score: '0.9' }, /Score "0.9" is not a finite number/],
    ['a score below every tier', { action: 'block', score: 0.49 }, /Score 0.49 lies below the first tier.* 0.5/],
    ['nothing', undefined, /Action undefined is no short text/],
    ['null', null, /Action undefined is no short text/],
    ['a text', 'block', /Action undefined is no short text/],
  ])('%s', (_, intent, cause) => {
    expect(() => exploration.decide(id, intent as Intent)).toThrow(refusal('invalid-argument', cause))
  })

  test.each([['x'], [undefined], [null], [`${id} `]])('for ID %j', (text) => {
    const wrong = text as unknown as TrackingId
    expect(() => exploration.decide(wrong, { action: 'other' })).toThrow(
      refusal('invalid-tracking-id', /is not a tracking/),
    )
  })
})

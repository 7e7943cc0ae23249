import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyedHash } from '@groundtrace/core'
import type { DroppedField } from '../src/dropped-field.ts'
import type { FeaturePolicy } from '../src/feature-policy.ts'
import { keptFeatures } from '../src/kept-features.ts'
import { keepingAll, SECRET } from './keeping-all.ts'

const ROOM = 1_000_000

function kept(features: object, policy: FeaturePolicy, room = ROOM) {
  const dropped: Partial<Record<DroppedField, number>> = {}
  const count = (field: DroppedField, times = 1): void => void (dropped[field] = (dropped[field] ?? 0) + times)
  return { features: keptFeatures(features as Record<string, unknown>, keepingAll(count, policy), room), dropped }
}

describe('each feature becomes what its policy says', () => {
  test('keep, drop, hash and bucket, and * for all others', () => {
    const policy: FeaturePolicy = {
      length: 'keep',
      sender: 'hash',
      age: { bucket: [18, 30] },
      subject: 'drop',
      '*': { bucket: [0] },
    }
    const given = { length: 5, sender: 'bob', age: 18, subject: 'hello', other: -3 }
    expect(kept(given, policy)).toEqual({
      features: { length: 5, sender: keyedHash(SECRET).feature('sender', 'bob'), age: '[18,30)', other: '(-inf,0)' },
      dropped: {},
    })
  })

  test('what no policy names is left out and counted', () => {
    expect(kept({ a: 1, b: 2, c: 3 }, { a: 'keep' })).toEqual({
      features: { a: 1 },
      dropped: { 'features.unnamed': 2 },
    })
  })

  test('what is dropped on purpose is not counted', () => {
    expect(kept({ a: 1, b: 2 }, { a: 'drop', '*': 'drop' })).toEqual({ features: {}, dropped: {} })
  })

  test('a bucket of what is no finite number is left out and counted', () => {
    const given = { a: '18', b: true, c: [18], d: Number.NaN, e: 18n, f: null, g: -Infinity, h: 18 }
    const { features, dropped } = kept(given, { '*': { bucket: [18] } })
    expect(features).toEqual({ h: '[18,inf)' })
    expect(dropped).toEqual({ features: 7 })
  })

  test('a feature that is called * is one of the others', () => {
    expect(kept({ '*': 1 }, { '*': 'keep' }).features).toEqual({ '*': 1 })
  })
})

describe('nothing is kept of what is not to be kept', () => {
  const SECRET_WORD = 'x7Qv-personal'
  const shapes = [
    SECRET_WORD,
    [SECRET_WORD],
    { [SECRET_WORD]: SECRET_WORD },
    [[SECRET_WORD]],
    new Map([[SECRET_WORD, 1]]),
  ]

  test.each<[string, FeaturePolicy]>([
    ['drop', { field: 'drop' }],
    ['hash', { field: 'hash' }],
    ['bucket', { field: { bucket: [1] } }],
    ['no policy', {}],
  ])('%s', (_, policy) => {
    for (const field of shapes) expect(JSON.stringify(kept({ field }, policy))).not.toContain(SECRET_WORD)
  })

  test('a field of which nothing may be kept is not even read', () => {
    const read: string[] = []
    const features = new Proxy<Record<string, number>>(
      { a: 1, b: 2, c: 3 },
      {
        get: (target, name) => (read.push(String(name)), target[String(name)]),
      },
    )
    kept(features, { a: 'keep', b: 'drop' })
    expect(read.filter((name) => name.length === 1)).toEqual(['a'])
  })
})

describe('hostile features', () => {
  test('names that mean something to an object are names like others, or left out', () => {
    const given = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "toString": 2, "": 3}') as object
    const { features, dropped } = kept(given, { '*': 'keep' })
    expect(features).toEqual({ constructor: 1, toString: 2 })
    expect(dropped).toEqual({ features: 2 })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(kept(given, {})).toEqual({ features: {}, dropped: { 'features.unnamed': 4 } })
  })

  test('a getter that throws costs its own field only', () => {
    const given = {
      get bad(): never {
        throw new Error('not yours')
      },
      good: 1,
    }
    expect(kept(given, { '*': 'keep' })).toEqual({ features: { good: 1 }, dropped: { features: 1 } })
  })

  test('a Proxy that throws at every read costs its fields only', () => {
    const given = new Proxy(
      { a: 1, b: 2 },
      {
        get() {
          throw new Error('not yours')
        },
      },
    )
    expect(kept(given, { '*': 'keep' })).toEqual({ features: {}, dropped: { features: 2 } })
  })

  test('10,001 fields are 1,000 features, and the rest is counted', () => {
    const given = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`field-${index}`, index]))
    const { features, dropped } = kept(given, { '*': 'keep' })
    expect(Object.keys(features)).toHaveLength(1000)
    expect(features['field-999']).toBe(999)
    expect(dropped).toEqual({ 'features.truncated': 9001 })
    expect(kept(given, {}).dropped).toEqual({ 'features.unnamed': 10_000, 'features.truncated': 1 })
  })
})

describe('size', () => {
  test('a text is cut at 16,384 characters, a list at 10,000 items, and both are counted', () => {
    const { features, dropped } = kept(
      { text: 'a'.repeat(16_385), list: Array.from({ length: 10_001 }, () => 1), fit: 'a'.repeat(16_384) },
      { '*': 'keep' },
    )
    expect([features['text'], features['list'], features['fit']].map((value) => (value as string).length)).toEqual([
      16_384, 10_000, 16_384,
    ])
    expect(dropped).toEqual({ 'features.truncated': 2 })
  })

  test('half a character at the cut becomes the replacement character', () => {
    const { features } = kept({ text: `${'a'.repeat(16_383)}😀` }, { '*': 'keep' })
    expect((features['text'] as string).slice(-2)).toBe('a\ufffd')
  })

  test('what would have to be cut is not hashed, because the hash of a part is that of another value', () => {
    expect(kept({ text: 'a'.repeat(16_385) }, { '*': 'hash' })).toEqual({
      features: {},
      dropped: { 'features.truncated': 1 },
    })
  })

  test('what there is no room for is left out, and what still has room is kept', () => {
    // Name and value: 2 + 8, then 3 + 20 of the 20 that are left, then 1 + 1.
    const given = { ab: 5, abc: 'x'.repeat(20), c: true }
    expect(kept(given, { '*': 'keep' }, 30)).toEqual({
      features: { ab: 5, c: true },
      dropped: { 'features.truncated': 1 },
    })
  })

  test('no features are larger than the room for them', () => {
    const values = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.integer()), fc.array(fc.string()))
    const size = (value: unknown): number => {
      if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + size(item), 0)
      return typeof value === 'string' ? value.length : typeof value === 'number' ? 8 : 1
    }
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values), fc.nat(200), (given, room) => {
        const { features } = kept(given, { '*': 'keep' }, room)
        const total = Object.entries(features).reduce((sum, [name, value]) => sum + name.length + size(value), 0)
        expect(total).toBeLessThanOrEqual(room)
      }),
    )
  })
})

test('what is kept is a copy that nothing changes any more', () => {
  const words = [1, 2]
  const given: Record<string, unknown> = { words }
  const { features } = kept(given, { '*': 'keep' })
  words[0] = 99
  given['late'] = 1
  expect(features).toEqual({ words: [1, 2] })
  expect(Object.isFrozen(features)).toBe(true)
})

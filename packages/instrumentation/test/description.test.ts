import { defineTask, formatTrackingId, GroundtraceError, keyedHash } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { describedPrediction, type Description } from '../src/description.ts'
import type { DroppedField } from '../src/dropped-field.ts'
import { keepingAll, SECRET } from './keeping-all.ts'
import { FILTER, SPAM } from './spam-filter.ts'

const facts = {
  id: formatTrackingId({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }),
  task: SPAM,
  model: FILTER,
  time: 1000,
}
/** Nobody listens. */
const ignored = keepingAll()
const parent = formatTrackingId({ traceId: 'a'.repeat(32), spanId: 'c'.repeat(16) })

test('a description and what is known make a prediction', () => {
  const description: Description = {
    value: 'spam',
    scores: { ham: 0.25, spam: 0.75 },
    features: { words: [1, 2], sender: 'known', length: 12, html: false },
    slices: { language: 'en' },
    entity: 'mail-1',
    policy: { variant: 'b', action: 'block', propensity: 0.1, explored: true },
  }
  expect(describedPrediction(description, facts, ignored)).toEqual({ ...facts, ...description })
})

test('the parent that describe names goes before the one that was known', () => {
  const known = formatTrackingId({ traceId: 'a'.repeat(32), spanId: 'd'.repeat(16) })
  expect(describedPrediction({ value: 'ham' }, { ...facts, parent: known }, ignored).parent).toBe(known)
  expect(describedPrediction({ value: 'ham', parent }, { ...facts, parent: known }, ignored).parent).toBe(parent)
})

test('what the service does to its buffers afterwards does not reach the prediction', () => {
  const words = [1, 2]
  const scores: Record<string, number> = { spam: 0.75 }
  const policy = { action: 'block' }
  const prediction = describedPrediction({ value: 'spam', features: { words }, scores, policy }, facts, ignored)
  words[0] = 99
  scores['spam'] = 0
  policy.action = 'pass'
  expect(prediction).toMatchObject({ features: { words: [1, 2] }, scores: { spam: 0.75 }, policy: { action: 'block' } })
})

test('a ranking is copied too', () => {
  const value = ['a', 'b']
  const task = defineTask({ name: 'search', kind: 'ranking' })
  const prediction = describedPrediction({ value }, { ...facts, task }, ignored)
  value.reverse()
  expect(prediction.value).toEqual(['a', 'b'])
})

test('a getter is read once, so what was checked is what is kept', () => {
  let reads = 0
  const scores = {
    get spam() {
      return reads++ === 0 ? 0.75 : Number.NaN
    },
  }
  expect(describedPrediction({ value: 'spam', scores }, facts, ignored).scores).toEqual({ spam: 0.75 })
})

describe('what is no description of the task is refused', () => {
  test.each([
    ['nothing', undefined],
    ['a text', 'spam'],
    ['a promise', Promise.resolve({ value: 'spam' })],
    ['no value', {}],
    ['a class that the task does not have', { value: 'eggs' }],
    ['an action that is no text', { value: 'spam', policy: { action: 5n } }],
    ['an explored prediction without propensity', { value: 'spam', policy: { explored: true } }],
  ])('%s', (_, description) => {
    expect(() => describedPrediction(description as Description, facts, ignored)).toThrow(GroundtraceError)
  })
})

describe('what no ledger can keep is left out, and the prediction is kept', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic['self'] = cyclic
  test.each<[string, object, string]>([
    ['cyclic features', { features: cyclic }, 'features'],
    ['a BigInt feature', { features: { count: 1n } }, 'features'],
    ['a Map of scores, whose content a copy would lose', { scores: new Map([['spam', 1]]) }, 'scores'],
    ['a score that is no number', { scores: { spam: Number.NaN } }, 'scores'],
    ['a slice that is no text', { slices: { country: 7 } }, 'slices'],
    ['an entity that is too long', { entity: 'x'.repeat(257) }, 'entity'],
    ['a user with NUL', { user: 'bob\0' }, 'user'],
    ['a parent that is no tracking ID', { parent: 'x' }, 'parent'],
  ])('%s', (_, fields, field) => {
    const dropped: DroppedField[] = []
    const description = { value: 'spam', ...fields } as Description
    const prediction = describedPrediction(
      description,
      facts,
      keepingAll((name) => void dropped.push(name)),
    )
    expect(dropped).toEqual([field])
    expect(prediction).toMatchObject({ ...facts, value: 'spam' })
  })

  test('of features only the unfit ones, so that no word of a user keeps the others out', () => {
    const words = JSON.parse('{"__proto__": 1, "cheap": 2, "pills": null}') as Description['features'] & object
    const { features } = describedPrediction({ value: 'spam', features: words }, facts, ignored)
    expect(features).toEqual({ cheap: 2 })
  })
})

describe('what is beyond the limits is cut, and told', () => {
  const told: [DroppedField, number | undefined][] = []
  const keeping = keepingAll((field, count) => void told.push([field, count]))
  const describedAs = (description: Description, task = SPAM) => {
    told.length = 0
    return describedPrediction(description, { ...facts, task }, keeping)
  }

  test('a text at 16,384 characters', () => {
    const words = defineTask({ name: 'words', kind: 'generation' })
    expect(describedAs({ value: 'a'.repeat(16_384) }, words).value).toHaveLength(16_384)
    expect(told).toEqual([])
    expect(describedAs({ value: 'a'.repeat(16_385) }, words).value).toBe('a'.repeat(16_384))
    expect(told).toEqual([['value', undefined]])
  })

  test('a ranking at 10,000 items, or where there is no room for more', () => {
    const search = defineTask({ name: 'search', kind: 'ranking' })
    expect(describedAs({ value: Array.from({ length: 10_001 }, () => 'a') }, search).value).toHaveLength(10_000)
    expect(told).toEqual([['value', undefined]])
    // 262,144 is the size of 1,024 items of 256 characters.
    expect(describedAs({ value: Array.from({ length: 2000 }, () => 'a'.repeat(256)) }, search).value).toHaveLength(1024)
    expect(told).toEqual([['value', undefined]])
  })

  test('scores at the 100 highest', () => {
    const scores = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`class-${index}`, index]))
    expect(describedAs({ value: 'ham', scores }).scores).toEqual(
      Object.fromEntries(Object.entries(scores).filter(([label]) => label !== 'class-0')),
    )
    expect(told).toEqual([['scores', undefined]])
  })

  test('scores beyond the 100 highest that are no numbers are all left out', () => {
    const scores = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`class-${index}`, Symbol('no')]))
    expect(describedAs({ value: 'ham', scores: scores as never })).not.toHaveProperty('scores.class-1')
    expect(told).toEqual([['scores', undefined]])
  })

  test('slices at the first 100', () => {
    const slices = Object.fromEntries(Array.from({ length: 103 }, (_, index) => [`slice-${index}`, 'a']))
    expect(Object.keys(describedAs({ value: 'ham', slices }).slices ?? {})).toHaveLength(100)
    expect(told).toEqual([['slices', 3]])
  })

  test('the whole event at 262,144', () => {
    const features = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`text-${index}`, 'a'.repeat(16_384)]))
    // 15 texts of 16,384 characters and their names fit; of 16 the names have no room.
    expect(Object.keys(describedAs({ value: 'ham', features }).features ?? {})).toHaveLength(15)
    expect(told).toEqual([['features.truncated', 5]])
  })
})

describe('a user', () => {
  test('leaves as the pseudonym that feedback of the same person carries', () => {
    const { user } = describedPrediction({ value: 'ham', user: 'bob' }, facts, ignored)
    expect(user).toBe(keyedHash(SECRET).user('bob'))
  })

  test('does not leave where there is no secret', () => {
    const dropped: DroppedField[] = []
    const keeping = { ...keepingAll((field) => void dropped.push(field)), keyedHash: undefined }
    expect(describedPrediction({ value: 'ham', user: 'bob' }, facts, keeping).user).toBeUndefined()
    expect(dropped).toEqual(['user'])
  })
})

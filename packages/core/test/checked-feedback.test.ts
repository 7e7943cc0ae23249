import { checkedFeedback, type Answer, type Feedback } from '@groundtrace/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { feedback, junk } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { id, said } from './spam-filter.ts'

test('a whole feedback passes as the very same object', () => {
  fc.assert(
    fc.property(feedback, (line) => {
      expect(checkedFeedback(line)).toBe(line)
    }),
  )
})

const RIGHT: Answer = { kind: 'rating', right: true }

const COMMON: readonly (readonly [what: string, fields: object, cause: RegExp])[] = [
  ['no ID', { id: undefined }, /id is not a tracking ID/],
  ['an ID with a newline', { id: `${id(2)}\n` }, /id is not a tracking ID/],
  ['a kind nobody knows', { kind: 'applause' }, /kind is unknown/],
  ['the kind __proto__', { kind: '__proto__' }, /kind is unknown/],
  ['the kind constructor', { kind: 'constructor' }, /kind is unknown/],
  ['a kind without text', { kind: Object.create(null) as object }, /kind is unknown/],
  ['no target', { target: undefined }, /target names no prediction/],
  ['a target of null', { target: null }, /target names no prediction/],
  ['a target in a list', { target: [id(1)] }, /target names no prediction/],
  ['an entity without its task', { target: { entity: 'order-7' } }, /target names no prediction/],
  ['an empty entity', { target: { entity: '', task: 'spam' } }, /target names no prediction/],
  [
    'a target that is no ID',
    { target: { prediction: 'x' } },
    /target "x" is not a tracking ID\. Pass <32 hex digits>-<16 hex digits>/,
  ],
  ['a target without its ID', { target: { prediction: undefined } }, /target undefined is not a tracking ID/],
  ['a time in text', { time: 'now' }, /time is no time/],
  ['a time beyond Date', { time: 9e15 }, /time is no time/],
  ['a source with a space', { source: 'Jane Doe' }, /source is not a bounded word/],
  ['itself as superseded', { supersedes: id(2) }, /supersedes is not another/],
  ['a superseded that is no ID', { supersedes: 'x' }, /supersedes is not another/],
  ['an empty user', { user: '' }, /user is empty/],
  ['a comment too long', { comment: 'x'.repeat(16_385) }, /comment is too long/],
  ['a comment that is a list', { comment: ['x'] }, /comment is too long/],
  ['a propensity of 0', { propensity: 0 }, /propensity is not in/],
  ['a propensity in text', { propensity: '0.5' }, /propensity is not in/],
]

test.each(COMMON)('%s is refused', (_, fields, cause) => {
  expect(() => checkedFeedback({ ...said(2, RIGHT), ...fields })).toThrow(refusal('invalid-feedback', cause))
})

const ANSWERS: readonly (readonly [what: string, answer: object, cause: RegExp])[] = [
  ['a rating that is a text', { kind: 'rating', right: 'yes' }, /right is not true or false/],
  ['a rating without its answer', { kind: 'rating' }, /right is not true or false/],
  ['no stars', { kind: 'stars', stars: 0 }, /stars is not a whole number/],
  ['six stars', { kind: 'stars', stars: 6 }, /stars is not a whole number/],
  ['half a star', { kind: 'stars', stars: 4.5 }, /stars is not a whole number/],
  ['stars in text', { kind: 'stars', stars: '5' }, /stars is not a whole number/],
  ['a correction without label', { kind: 'correction' }, /label is no value/],
  ['a correction to null', { kind: 'correction', label: null }, /label is no value/],
  ['a correction to infinity', { kind: 'correction', label: Infinity }, /label is no value/],
  ['a correction in BigInt', { kind: 'correction', label: 1n }, /label is no value/],
  ['a correction to a list of numbers', { kind: 'correction', label: [1] }, /label is no value/],
  ['a correction to a list with a hole', { kind: 'correction', label: Object.assign([], { 1: 'a' }) }, /label is no/],
  ['a correction too long', { kind: 'correction', label: 'x'.repeat(16_385) }, /label is no value/],
  ['an outcome without label', { kind: 'outcome' }, /label is no value/],
  ['an annotation without label', { kind: 'annotation', by: 'expert' }, /label is no value/],
  ['an annotation by nobody', { kind: 'annotation', label: 'ham' }, /by is neither crowd nor expert/],
  ['an annotation by a model', { kind: 'annotation', label: 'ham', by: 'model' }, /by is neither crowd nor expert/],
  ['a posterior above 1', { kind: 'annotation', label: 'ham', by: 'crowd', posterior: 1.1 }, /posterior is not in/],
  ['a posterior in text', { kind: 'annotation', label: 'ham', by: 'crowd', posterior: '1' }, /posterior is not in/],
  ['a method that is an object', { kind: 'annotation', label: 'ham', by: 'crowd', method: {} }, /method is no text/],
  ['a negative edit rate', { kind: 'acceptance', editRate: -0.1 }, /editRate is not in/],
  ['an edit rate that is no number', { kind: 'acceptance', editRate: Number.NaN }, /editRate is not in/],
  ['an action without name', { kind: 'action' }, /action is not a bounded word/],
  ['an item that is a number', { kind: 'action', action: 'click', item: 7 }, /item is no text/],
  ['an empty harm report', { kind: 'harm', report: '' }, /report is empty or too long/],
  ['a harm report too long', { kind: 'harm', report: 'x'.repeat(16_385) }, /report is empty or too long/],
  ['a retraction of nothing', { kind: 'retraction' }, /retracts is not another/],
  ['a retraction of itself', { kind: 'retraction', retracts: id(2) }, /retracts is not another/],
  ['a retraction that replaces', { kind: 'retraction', retracts: id(3), supersedes: id(4) }, /replaces nothing/],
]

test.each(ANSWERS)('%s is refused', (_, answer, cause) => {
  expect(() => checkedFeedback(said(2, answer as Answer))).toThrow(refusal('invalid-feedback', cause))
})

test('the longest texts that are kept are kept whole', () => {
  const longest = 'x'.repeat(16_384)
  for (const answer of [
    { kind: 'harm', report: longest },
    { kind: 'correction', label: longest },
  ] as const) {
    expect(checkedFeedback(said(2, answer, { comment: longest }))).toMatchObject(answer)
  }
})

test.each([[undefined], [null], [{}], [[]], ['right'], [5], [new Map()], [Object.create(null) as object]])(
  '%o is no feedback',
  (value) => {
    expect(() => checkedFeedback(value as Feedback)).toThrow(refusal('invalid-feedback'))
  },
)

test('junk in any one field passes or is refused, and is never a raw error', () => {
  fc.assert(
    fc.property(feedback, fc.nat(), junk, (line, n, value) => {
      const fields = Object.keys(line)
      const spoiled = { ...line, [fields[n % fields.length] ?? 'id']: value } as Feedback
      expect(rawErrorOf(() => checkedFeedback(spoiled))).toBeUndefined()
    }),
  )
})

test('a feedback may be ten minutes ahead of the clock of who receives it, and no more', () => {
  const line = said(2, RIGHT)
  expect(checkedFeedback(line, line.time - 600_000)).toBe(line)
  expect(checkedFeedback(line, 8.64e15)).toBe(line)
  expect(() => checkedFeedback(line, line.time - 601_000)).toThrow(
    refusal(
      'invalid-feedback',
      /time lies 601 seconds ahead of the clock here\. Pass milliseconds since 1970.*600 seconds/,
    ),
  )
})

test('fields that a feedback does not have are left out, in its target too: no erasure would find them', () => {
  const whole = said(2, RIGHT)
  const more = { ...whole, email: 'bob@example.com', label: 'spam', target: { ...whole.target, name: 'Bob' } }
  expect(checkedFeedback(more as Feedback)).toEqual(whole)
})

test.each([
  ['of more items than a ledger keeps', Array.from({ length: 10_001 }, (_, item) => `i${item}`)],
  ['with an item longer than a key', ['x'.repeat(257)]],
])('a label %s is refused', (_, label) => {
  const answer = { kind: 'correction', label } as Answer
  expect(() => checkedFeedback(said(2, answer))).toThrow(refusal('invalid-feedback', /label is no value/))
})

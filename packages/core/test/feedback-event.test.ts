import { feedbackEvent, feedbackFromEvent, type Answer, type Feedback, type LogEvent } from '@groundtrace/core'
import * as semconv from '@groundtrace/core/semconv'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feedback, junk } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { id, said } from './spam-filter.ts'

test('says everything under the names of the wire', () => {
  const line = said(
    2,
    { kind: 'annotation', label: 'ham', by: 'crowd', posterior: 0.98, method: 'dawid-skene' },
    { time: 1_500, supersedes: id(8), user: 'p-1', comment: 'A receipt', propensity: 0.1 },
  )
  expect(feedbackEvent(line)).toEqual({
    eventName: 'groundtrace.feedback',
    hrTime: [1, 500_000_000],
    attributes: {
      'groundtrace.feedback.id': id(2),
      'groundtrace.tracking_id': id(1),
      'groundtrace.feedback.kind': 'annotation',
      'groundtrace.feedback.source': 'recipient',
      'groundtrace.feedback.label': 'ham',
      'groundtrace.feedback.by': 'crowd',
      'groundtrace.feedback.posterior': 0.98,
      'groundtrace.feedback.method': 'dawid-skene',
      'groundtrace.feedback.supersedes': id(8),
      'enduser.pseudo.id': 'p-1',
      'groundtrace.feedback.comment': 'A receipt',
      'groundtrace.feedback.propensity': 0.1,
    },
  })
})

test.each<readonly [answer: Answer, attributes: object]>([
  [{ kind: 'rating', right: false }, { 'groundtrace.feedback.right': false }],
  [{ kind: 'stars', stars: 4 }, { 'groundtrace.feedback.stars': 4 }],
  [{ kind: 'correction', label: ['a', 'b'] }, { 'groundtrace.feedback.label': ['a', 'b'] }],
  [{ kind: 'outcome', label: 3.5 }, { 'groundtrace.feedback.label': 3.5 }],
  [{ kind: 'acceptance', editRate: 0.2 }, { 'groundtrace.feedback.edit_rate': 0.2 }],
  [
    { kind: 'action', action: 'click', item: 'b' },
    { 'groundtrace.feedback.action': 'click', 'groundtrace.feedback.item': 'b' },
  ],
  [{ kind: 'no-action' }, {}],
  [{ kind: 'harm', report: 'It hurt' }, { 'groundtrace.feedback.report': 'It hurt' }],
  [{ kind: 'retraction', retracts: id(9) }, { 'groundtrace.feedback.retracts': id(9) }],
])('%o says its answer and no more', (answer, attributes) => {
  expect(feedbackEvent(said(2, answer)).attributes).toEqual({
    'groundtrace.feedback.id': id(2),
    'groundtrace.tracking_id': id(1),
    'groundtrace.feedback.kind': answer.kind,
    'groundtrace.feedback.source': 'recipient',
    ...attributes,
  })
})

test('a feedback by business key names the entity and its task', () => {
  const target = { entity: 'order-7', task: 'fraud' }
  const { attributes } = feedbackEvent(said(2, { kind: 'no-action' }, { target }))
  expect(attributes).toMatchObject({ 'groundtrace.entity': 'order-7', 'groundtrace.task.name': 'fraud' })
  expect(attributes).not.toHaveProperty([semconv.ATTR_TRACKING_ID])
})

test('a feedback comes back whole, also over a wire that spells JSON', () => {
  fc.assert(
    fc.property(feedback, (line) => {
      const event = feedbackEvent(line)
      expect(feedbackFromEvent(event)).toEqual(line)
      expect(feedbackFromEvent(JSON.parse(JSON.stringify(event)) as LogEvent)).toEqual(line)
    }),
    { numRuns: 500 },
  )
})

const whole = feedbackEvent(said(2, { kind: 'rating', right: true }))
const changed = (attributes: object): LogEvent => ({ ...whole, attributes: { ...whole.attributes, ...attributes } })

test('what another kind says is not taken over', () => {
  const event = changed({ [semconv.ATTR_FEEDBACK_LABEL]: 'ham', [semconv.ATTR_FEEDBACK_RETRACTS]: id(9) })
  expect(feedbackFromEvent(event)).toEqual(said(2, { kind: 'rating', right: true }))
})

describe('an event that can not be a feedback is refused', () => {
  test.each<readonly [what: string, attributes: object]>([
    ['no ID', { [semconv.ATTR_FEEDBACK_ID]: undefined }],
    ['no kind', { [semconv.ATTR_FEEDBACK_KIND]: undefined }],
    ['the kind __proto__', { [semconv.ATTR_FEEDBACK_KIND]: '__proto__' }],
    ['the kind constructor', { [semconv.ATTR_FEEDBACK_KIND]: 'constructor' }],
    ['the kind hasOwnProperty', { [semconv.ATTR_FEEDBACK_KIND]: 'hasOwnProperty' }],
    ['a kind without text', { [semconv.ATTR_FEEDBACK_KIND]: Object.create(null) as object }],
    ['a kind in a list', { [semconv.ATTR_FEEDBACK_KIND]: ['rating'] }],
    ['a symbol for a kind', { [semconv.ATTR_FEEDBACK_KIND]: Symbol('rating') }],
    ['no answer', { [semconv.ATTR_FEEDBACK_RIGHT]: undefined }],
    ['an answer of null', { [semconv.ATTR_FEEDBACK_RIGHT]: null }],
    ['no prediction', { [semconv.ATTR_TRACKING_ID]: undefined }],
    ['a prediction of null', { [semconv.ATTR_TRACKING_ID]: null }],
    ['no source', { [semconv.ATTR_FEEDBACK_SOURCE]: undefined }],
    ['a propensity in BigInt', { [semconv.ATTR_FEEDBACK_PROPENSITY]: 1n }],
    ['a comment of a million characters', { [semconv.ATTR_FEEDBACK_COMMENT]: 'x'.repeat(1e6) }],
  ])('%s', (_, attributes) => {
    expect(() => feedbackFromEvent(changed(attributes))).toThrow(refusal('invalid-feedback'))
  })

  test.each([
    [undefined],
    [null],
    [{}],
    [{ attributes: {} }],
    [{ ...whole, hrTime: undefined }],
    [{ ...whole, hrTime: 5 }],
  ])('%o', (event) => {
    expect(() => feedbackFromEvent(event as LogEvent)).toThrow(refusal('invalid-event'))
  })
})

test('junk in any attribute, or for all of it, never meets a raw error', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(semconv)), junk, (name, value) => {
      expect(rawErrorOf(() => feedbackFromEvent(changed({ [name]: value })))).toBeUndefined()
      expect(rawErrorOf(() => feedbackFromEvent(value as LogEvent))).toBeUndefined()
      expect(rawErrorOf(() => feedbackEvent(value as Feedback))).toBeUndefined()
    }),
    { numRuns: 1000 },
  )
  expect(() => feedbackEvent(undefined as unknown as Feedback)).toThrow(refusal('invalid-feedback'))
})

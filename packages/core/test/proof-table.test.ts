import {
  AUTHORITIES,
  FEEDBACK_FORMS,
  formOf,
  PROOF_TABLE,
  TASK_KINDS,
  type Answer,
  type Feedback,
  type FeedbackForm,
} from '@groundtrace/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { feedback, junk } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { id, said } from './spam-filter.ts'

const FORMS: readonly (readonly [answer: Answer, form: FeedbackForm])[] = [
  [{ kind: 'rating', right: true }, 'rated-right'],
  [{ kind: 'rating', right: false }, 'rated-wrong'],
  [{ kind: 'stars', stars: 1 }, 'stars-low'],
  [{ kind: 'stars', stars: 2 }, 'stars-low'],
  [{ kind: 'stars', stars: 3 }, 'stars-middle'],
  [{ kind: 'stars', stars: 4 }, 'stars-high'],
  [{ kind: 'stars', stars: 5 }, 'stars-high'],
  [{ kind: 'correction', label: 'ham' }, 'correction'],
  [{ kind: 'annotation', label: 'ham', by: 'crowd' }, 'annotation-crowd'],
  [{ kind: 'annotation', label: 'ham', by: 'expert' }, 'annotation-expert'],
  [{ kind: 'outcome', label: 'ham' }, 'outcome'],
  [{ kind: 'acceptance' }, 'acceptance'],
  [{ kind: 'action', action: 'click' }, 'action'],
  [{ kind: 'no-action' }, 'no-action'],
  [{ kind: 'harm', report: 'It named my child' }, 'harm'],
  [{ kind: 'retraction', retracts: id(9) }, 'retraction'],
]

test.each(FORMS)('%o has the form %s', (answer, form) => {
  expect(formOf(said(2, answer))).toBe(form)
})

test('every form but silence, which nobody sends, is the form of some feedback', () => {
  expect(new Set([...FORMS.map(([, form]) => form), 'silence'])).toEqual(new Set(FEEDBACK_FORMS))
})

test('the table has a cell for every form and every kind of task', () => {
  expect(Object.keys(PROOF_TABLE).toSorted()).toEqual(FEEDBACK_FORMS.toSorted())
  const cells = Object.values(PROOF_TABLE).flatMap((row) => TASK_KINDS.map((kind) => row[kind]))
  expect(cells.filter((rule) => typeof rule !== 'string')).toEqual([])
  expect(cells).toHaveLength(15 * 5)
})

test('authority runs from the expert down to silence', () => {
  expect(AUTHORITIES).toEqual(['expert', 'outcome', 'crowd', 'correction', 'rating', 'silence'])
})

test('every feedback has a form in the table, and junk has a typed error', () => {
  fc.assert(
    fc.property(feedback, junk, (line, value) => {
      expect(PROOF_TABLE).toHaveProperty(formOf(line))
      expect(rawErrorOf(() => formOf(value as Feedback))).toBeUndefined()
    }),
  )
})

test.each<object>([
  { kind: 'rating' },
  { kind: 'rating', right: 'yes' },
  { kind: 'stars', stars: 6 },
  { kind: 'stars', stars: '5' },
  { kind: 'annotation', label: 'ham', by: 'model' },
])('%o has no form, for what tells forms apart is missing', (answer) => {
  expect(() => formOf(said(2, answer as Answer))).toThrow(refusal('invalid-feedback'))
})

test.each([[{ kind: 'stars' }], [{ kind: 'constructor' }], [null], [undefined]])('%o has no form', (value) => {
  expect(() => formOf(value as Feedback)).toThrow(refusal('invalid-feedback'))
})

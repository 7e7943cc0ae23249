import { expect, test } from 'vitest'
import { taskDataOf } from '../../src/plan/task-data.ts'

const shown = [
  { field: 'subject', feature: 'mail.subject', title: 'Subject' },
  { field: 'words', feature: 'words', title: 'Words' },
]

test('a task holds what is shown, as text, and nothing else of the prediction', () => {
  const features = { 'mail.subject': '<b>Hello</b>', words: [1, 2], iban: 'DE00' }
  expect(taskDataOf({ shown }, { features })).toEqual({ subject: '<b>Hello</b>', words: '1, 2' })
})

test('what a prediction does not have is a dash: the server wants every field', () => {
  expect(taskDataOf({ shown }, { features: { words: false } })).toEqual({ subject: '—', words: 'false' })
})

test('a prediction of which nothing is left to show makes no task', () => {
  expect(taskDataOf({ shown }, {})).toBeUndefined()
  expect(taskDataOf({ shown }, { features: { iban: 'DE00' } })).toBeUndefined()
  const inherited = [{ field: 'x', feature: 'constructor', title: 'X' }]
  expect(taskDataOf({ shown: inherited }, { features: {} })).toBeUndefined()
})

test('a text of any length is cut where a page still shows it, never inside a character', () => {
  const { subject = '', words = '' } =
    taskDataOf({ shown }, { features: { 'mail.subject': `${'x'.repeat(99_999)}😀`, words: 'a\uD800b' } }) ?? {}
  expect(subject.length).toBe(100_001)
  expect([subject, words].every((text) => text.isWellFormed())).toBe(true)
})

test('no NUL is sent, for which PostgreSQL refuses the whole import', () => {
  expect(taskDataOf({ shown }, { features: { 'mail.subject': 'a\0b' } })).toMatchObject({ subject: 'a\uFFFDb' })
})

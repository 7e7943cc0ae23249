import { checkedFeedback, FEEDBACK_KINDS, type Feedback } from '@groundtrace/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectFeedback } from '../src/feedback.ts'
import { feedback, junk } from './arbitrary.ts'
import { rawErrorOf } from './refusal.ts'

test('what passes the edge passes the guard behind it, also without its payload', () => {
  fc.assert(
    fc.property(feedback, (line) => {
      const { user: _user, comment: _comment, ...erased } = { ...line, report: undefined }
      expect(() => expectFeedback(checkedFeedback(line))).not.toThrow()
      expect(() => expectFeedback(erased as unknown as Feedback)).not.toThrow()
    }),
  )
})

test('junk, whole or in any one field, meets a typed error or none', () => {
  fc.assert(
    fc.property(feedback, fc.nat(), junk, (line, n, value) => {
      const fields = Object.keys(line)
      const spoiled = { ...line, [fields[n % fields.length] ?? 'id']: value }
      expect(rawErrorOf(() => expectFeedback(spoiled))).toBeUndefined()
      expect(rawErrorOf(() => expectFeedback(value as Feedback))).toBeUndefined()
    }),
  )
})

test('there are ten kinds', () => {
  expect(FEEDBACK_KINDS).toHaveLength(10)
})

import { inspect } from 'node:util'
import {
  checkedFeedback,
  checkedPrediction,
  defineTask,
  enumerated,
  GroundtraceError,
  trackingId,
  unfit,
  withoutWords,
  type Feedback,
  type Prediction,
} from '@groundtrace/core'
import { expect, test } from 'vitest'

const SAID = 'bob.brown@example.com said "no"\n at 5551234567'
const ID = trackingId(`${'a'.repeat(32)}-${'b'.repeat(16)}`)
const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const PREDICTION: Prediction = { id: ID, task: SPAM, model: { name: 'filter', version: '1' }, time: 1, value: 'spam' }
const FEEDBACK: Feedback = { id: ID, target: { prediction: ID }, time: 1, source: 'web', kind: 'rating', right: true }

/** What a call throws. */
function reasonOf(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}

/** Whatever a log could show of it. */
const shown = (reason: unknown): string => inspect(withoutWords(reason), { depth: 9, showHidden: true })

test.each(['id', 'time', 'model', 'value', 'policy', 'task', 'latencySeconds'])(
  'a prediction that is refused for what stands in %s is told without that',
  (field) => {
    const values = [SAID, { name: SAID, version: SAID }, { propensity: SAID }, { explored: SAID }, 5_551_234_567]
    for (const value of values) {
      const reason = reasonOf(() => checkedPrediction({ ...PREDICTION, [field]: value }))
      const refused = reason instanceof GroundtraceError
      expect(refused ? shown(reason) : '').not.toMatch(/bob|said|5551234/)
    }
  },
)

test.each(['id', 'target', 'time', 'source', 'kind', 'right', 'supersedes'])(
  'a feedback that is refused for what stands in %s is told without that',
  (field) => {
    for (const value of [SAID, { prediction: SAID }, { prediction: 5_551_234_567 }, 5_551_234_567]) {
      const reason = reasonOf(() => checkedFeedback({ ...FEEDBACK, [field]: value }))
      const refused = reason instanceof GroundtraceError
      expect(refused ? shown(reason) : '').not.toMatch(/bob|said|5551234/)
    }
  },
)

test('cause and next step stay, and IDs that lead to the rest', () => {
  const error = new GroundtraceError(
    'invalid-feedback',
    `Feedback "${ID}": target "x. y" is not a tracking ID`,
    'Pass one',
  )
  expect(withoutWords(error)).toMatchObject({
    code: 'invalid-feedback',
    message: `Feedback "${ID}": target "…" is not a tracking ID. Pass one.`,
  })
  const label = unfit(PREDICTION, { ...FEEDBACK, kind: 'correction', label: SAID })
  expect(label).toContain('bob')
  expect(withoutWords(label)).toBe('Label "…" is no value of task spam. Send one of ham, spam.')
})

test('what is not about a line stays as it is', () => {
  const down = new GroundtraceError('register-unavailable', 'The file "a.db" is locked', 'Try again')
  for (const reason of [undefined, null, new Error('disk'), down]) expect(withoutWords(reason)).toBe(reason)
})

test('of many texts the first ten are enumerated, words as they are and others quoted', () => {
  expect(enumerated(['ham', 'a\nb'])).toBe(String.raw`ham, "a\nb"`)
  expect(enumerated(Array.from({ length: 12 }, (_, index) => `c${index}`))).toBe(
    'c0, c1, c2, c3, c4, c5, c6, c7, c8, c9 and 2 more',
  )
})

import { expect, test } from 'vitest'
import { countFeedback } from '@groundtrace/prometheus'
import { countValue } from './count-value.ts'
import { joined, prediction } from './lines.ts'

const DAY = 24 * 3600

test('feedback counts by kind, source and status, beside the version it is about', () => {
  const about = prediction({ value: 'spam' })
  const counts = countFeedback([
    joined(),
    joined(),
    joined({ kind: 'correction', source: 'merchant' }, about, 'held'),
    joined({ kind: 'stars' }, prediction({ model: { name: 'filter', version: 'v2' } })),
  ])
  const name = 'groundtrace_feedback_total'
  expect(countValue(counts, name, { kind: 'rating', source: 'recipient', status: 'stored', version: 'v1' })).toBe(2)
  expect(countValue(counts, name, { kind: 'correction', source: 'merchant', status: 'held' })).toBe(1)
  expect(countValue(counts, name, { kind: 'stars', version: 'v2' })).toBe(1)
})

test('delay is the time from the prediction to the feedback, in seconds', () => {
  const about = prediction({ time: 1_000_000 })
  const after = (seconds: number) => joined({ time: 1_000_000 + seconds * 1000 }, about)
  const counts = countFeedback([after(0.5), after(1), after(59), after(3 * DAY), after(1000 * DAY)])
  const name = 'groundtrace_feedback_delay_seconds'
  expect(countValue(counts, name, { le: '1' })).toBe(2)
  expect(countValue(counts, name, { le: '60' })).toBe(1)
  expect(countValue(counts, name, { le: String(3 * DAY) })).toBe(1)
  expect(countValue(counts, name, { le: '+Inf' })).toBe(1)
  expect(countValue(counts, `${name}_sum`)).toBe(0.5 + 1 + 59 + 3 * DAY + 1000 * DAY)
})

test('an answer before its question, by clocks that differ, came at once', () => {
  const counts = countFeedback([joined({ time: 0 }, prediction({ time: 5000 }))])
  expect(countValue(counts, 'groundtrace_feedback_delay_seconds', { le: '1' })).toBe(1)
  expect(countValue(counts, 'groundtrace_feedback_delay_seconds_sum')).toBe(0)
})

test('a retraction counts as feedback, but is no answer with a delay', () => {
  const counts = countFeedback([joined({ kind: 'retraction', time: 10_000 })])
  expect(countValue(counts, 'groundtrace_feedback_total', { kind: 'retraction' })).toBe(1)
  expect(countValue(counts, 'groundtrace_feedback_delay_seconds')).toBeUndefined()
})

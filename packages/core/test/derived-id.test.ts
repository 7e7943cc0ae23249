import { execFileSync } from 'node:child_process'
import { feedbackId, isTrackingId } from '@groundtrace/core'
import { expect, test } from 'vitest'

test('the ID of a feedback is the SHA-256 of its source and key, as sha256sum computes it', () => {
  const digest = execFileSync('sha256sum', { input: 'groundtrace.feedback\0chargeback\0order-7' }).toString()
  expect(feedbackId('chargeback', 'order-7')).toBe(`${digest.slice(0, 32)}-${digest.slice(32, 48)}`)
})

test('a retry has the same ID; another key or another source has another', () => {
  const id = feedbackId('recipient', 'k1')
  expect(feedbackId('recipient', 'k1')).toBe(id)
  expect(new Set([id, feedbackId('recipient', 'k2'), feedbackId('auditor', 'k1')]).size).toBe(3)
  expect(isTrackingId(id)).toBe(true)
})

test.each([
  ['', 'k'],
  ['a b', 'k'],
  ['recipient', ''],
  ['recipient', 'k'.repeat(257)],
])('source %j with key %j is refused with cause and next step', (source, key) => {
  expect(() => feedbackId(source, key)).toThrow(/make no feedback ID.*Pass the bounded word/)
})

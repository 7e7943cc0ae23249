import type { LogEvent } from '@groundtrace/core'
import { expect, test } from 'vitest'
import { openedEvent, present } from '../src/event.ts'
import { refusal } from './refusal.ts'

test('an event is opened to its attributes and its time in milliseconds', () => {
  const attributes = { 'groundtrace.entity': 'order-7' }
  const opened = openedEvent({ eventName: 'groundtrace.feedback', hrTime: [1_767_225_600, 250_000_000], attributes })
  expect(opened).toEqual({ attributes, time: Date.UTC(2026, 0, 1) + 250 })
  expect(opened.attributes).toBe(attributes)
})

test('an event that names no event is opened all the same', () => {
  expect(openedEvent({ eventName: undefined, hrTime: [0, 0], attributes: {} })).toEqual({ attributes: {}, time: 0 })
})

test.each([
  ['attributes', { hrTime: [0, 0] }, /no event with attributes/],
  ['a time', { attributes: {} }, /time of the event is no time/],
])('an event without %s says what to send', (_, event, cause) => {
  expect(() => openedEvent(event as unknown as LogEvent)).toThrow(refusal('invalid-event', cause))
})

test('only undefined is absent', () => {
  const fields = { a: undefined, b: null, c: 0, d: '', e: false }
  expect(Object.keys(present(fields))).toEqual(['b', 'c', 'd', 'e'])
})

import type { LogEvent } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { EventQueue } from '../src/event-queue.ts'

/** An event whose attributes take about so many bytes: strings have two a character. */
const event = (bytes: number): LogEvent => ({ hrTime: [0, 0], attributes: { a: 'x'.repeat(bytes / 2 - 1) } })

describe('the queue of events', () => {
  it('takes no more events than it may', () => {
    const queue = new EventQueue({ events: 2, bytes: 1000 })
    expect([queue.push(event(10)), queue.push(event(10)), queue.push(event(10))]).toEqual([true, true, false])
    queue.drop(1)
    expect(queue.push(event(10))).toBe(true)
  })

  it('takes no more memory than it may, however the events hold it', () => {
    const numbers = { hrTime: [0, 0], attributes: { features: { f: Array.from({ length: 100 }, () => 0.5) } } } as const
    for (const large of [event(800), numbers]) {
      const queue = new EventQueue({ events: 100, bytes: 1000 })
      expect([queue.push(large), queue.push(large), queue.push(event(10))]).toEqual([true, false, true])
      queue.drop(1)
      expect(queue.push(large)).toBe(true)
    }
  })

  it('gives as many from its head as fit, one at least', () => {
    const queue = new EventQueue({ events: 100, bytes: 10_000 })
    const events = [event(900), event(100), event(100), event(900)]
    for (const one of events) queue.push(one)
    expect(queue.head({ events: 100, bytes: 1000 })).toEqual(events.slice(0, 2))
    expect(queue.head({ events: 1, bytes: 1000 })).toEqual(events.slice(0, 1))
    expect(queue.head({ events: 100, bytes: 10 })).toEqual(events.slice(0, 1))
    expect(queue.head({ events: 100, bytes: 10_000 })).toEqual(events)
  })
})

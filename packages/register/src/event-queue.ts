import type { LogEvent } from '@groundtrace/core'
import { bytesOf } from './bytes-of.ts'

export interface QueueLimits {
  readonly events: number
  readonly bytes: number
}

/** Events that wait, bounded in number and in memory. */
export class EventQueue {
  readonly #limits: QueueLimits
  readonly #events: LogEvent[] = []
  readonly #sizes: number[] = []
  #bytes = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  get length(): number {
    return this.#events.length
  }

  /** @returns false when there is no room */
  push(event: LogEvent): boolean {
    const size = bytesOf(event.attributes)
    if (this.#events.length >= this.#limits.events || this.#bytes + size > this.#limits.bytes) return false
    this.#events.push(event)
    this.#sizes.push(size)
    this.#bytes += size
    return true
  }

  /** The events at the head, within limits, one at least. They stay. */
  head({ events, bytes }: QueueLimits): readonly LogEvent[] {
    let count = 0
    let sum = 0
    for (const size of this.#sizes) {
      sum += size
      if (count >= events || (count > 0 && sum > bytes)) break
      count += 1
    }
    return this.#events.slice(0, count)
  }

  /** Takes so many from the head. */
  drop(count: number): void {
    this.#events.splice(0, count)
    for (const size of this.#sizes.splice(0, count)) this.#bytes -= size
  }
}

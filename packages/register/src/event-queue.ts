import type { LogEvent } from '@groundtrace/core'

/** What one value takes in memory, about: enough to bound a queue, and cheap enough for the prediction path. */
function bytesOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return 2 * value.length
  if (typeof value !== 'object' || value === null || depth > 2) return 8
  if (Array.isArray(value)) {
    // One item stands for all: walking a long list would cost what the bound is to save.
    return value.length * bytesOf(value[value.length >> 1], depth + 1)
  }
  let bytes = 0
  for (const key in value) bytes += 2 * key.length + bytesOf((value as Record<string, unknown>)[key], depth + 1)
  return bytes
}

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

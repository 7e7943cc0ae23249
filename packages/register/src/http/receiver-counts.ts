import type { Receipt } from '@groundtrace/core'

/** What a receiver was asked and did since it was made. */
export interface ReceiverCounts {
  /** Requests that were answered, by HTTP status. */
  readonly requests: Readonly<Record<number, number>>
  /**
   * Lines, by what became of them: the register's receipts (`rejected` also for events that say nothing), and `ignored`
   * for log records that are none of ours.
   */
  readonly lines: Readonly<Record<Receipt['status'] | 'ignored', number>>
  /** Bytes of bodies that are being read or stored now. */
  readonly bytesInFlight: number
}

type Lines = ReceiverCounts['lines']

/** Counts for {@link ReceiverCounts}. */
export class Counter {
  readonly #requests = new Map<number, number>()
  readonly #lines: { -readonly [status in keyof Lines]: number } = {
    stored: 0,
    orphaned: 0,
    held: 0,
    duplicate: 0,
    conflict: 0,
    rejected: 0,
    ignored: 0,
  }

  request(status: number): void {
    this.#requests.set(status, (this.#requests.get(status) ?? 0) + 1)
  }

  lines(status: keyof Lines, count = 1): void {
    this.#lines[status] += count
  }

  read(bytesInFlight: number): ReceiverCounts {
    return { requests: Object.fromEntries(this.#requests), lines: { ...this.#lines }, bytesInFlight }
  }
}

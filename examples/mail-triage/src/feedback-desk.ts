import type { Feedback, ReceiptStatus, Register } from '@groundtrace/core'

const STATUSES = [
  'stored',
  'orphaned',
  'held',
  'duplicate',
  'conflict',
  'rejected',
] as const satisfies readonly ReceiptStatus[]

/** Where answers arrive when their time has come, and what the register said of each. */
export class FeedbackDesk {
  readonly #register: Register
  #expected: Feedback[] = []
  readonly tally: Record<ReceiptStatus, number> = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<
    ReceiptStatus,
    number
  >

  constructor(register: Register) {
    this.#register = register
  }

  /** Answers that are still to come. */
  get waiting(): number {
    return this.#expected.length
  }

  /** Takes answers that somebody is going to give. */
  expect(answers: readonly Feedback[]): void {
    this.#expected.push(...answers)
  }

  /** Hands over what has been said by now, in the order in which it was said. */
  async deliver(now: number): Promise<void> {
    const due = this.#expected.filter(({ time }) => time <= now).sort((a, b) => a.time - b.time)
    if (due.length === 0) return
    this.#expected = this.#expected.filter(({ time }) => time > now)
    for (const { status } of await this.#register.appendFeedback(due)) this.tally[status] += 1
  }
}

import type { Ledger, LedgerLines, Register } from '@groundtrace/core'

/** Reads a ledger along, as it grows. */
export class LedgerTail<L extends Ledger> {
  readonly lines: LedgerLines[L][] = []
  readonly #register: Register
  readonly #ledger: L
  #position = 0

  constructor(register: Register, ledger: L) {
    this.#register = register
    this.#ledger = ledger
  }

  async read(): Promise<number> {
    const page = await this.#register.read(this.#ledger, { after: this.#position, limit: 50 })
    this.lines.push(...page.lines)
    this.#position = page.position
    return page.lines.length
  }
}

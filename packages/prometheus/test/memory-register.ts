import type { Count, Ledger, LedgerLines, Totals } from '@groundtrace/core'
import type { MetricsRegister } from '@groundtrace/prometheus'

type Lines = { [L in Ledger]: LedgerLines[L][] }

const NOTHING: Totals = {
  predictions: 0,
  members: 0,
  feedback: { stored: 0, orphaned: 0, held: 0, duplicate: 0, conflict: 0, rejected: 0 },
  outcomes: { settled: 0, contested: 0, retracted: 0, expired: 0, censored: 0 },
  open: 0,
  removed: { erased: 0, withheld: 0, pruned: 0 },
  loss: {},
}

/** The exporter's part of the port, in memory: it says what it was asked, and fails on demand. */
export class MemoryRegister implements MetricsRegister {
  readonly lines: Lines = { predictions: [], feedback: [], outcomes: [], lineage: [] }
  readonly calls = { advance: 0, counts: 0, totals: 0 }
  /** Awaited by every call: set to a rejected or pending promise to make the register fail or hang. */
  gate: Promise<void> = Promise.resolve()
  said: Partial<Totals> = {}
  readonly #cursors = new Map<string, number>()
  readonly #counts = new Map<string, Count>()

  async advance<L extends Ledger>(
    cursor: string,
    ledger: L,
    count: (lines: readonly LedgerLines[L][]) => readonly Count[],
    limit = 1000,
  ): Promise<number> {
    this.calls.advance += 1
    await this.gate
    const from = this.#cursors.get(cursor) ?? 0
    const page = this.lines[ledger].slice(from, from + limit)
    if (page.length === 0) return 0
    for (const added of count(page)) {
      const key = JSON.stringify([added.name, Object.entries(added.labels)])
      this.#counts.set(key, { ...added, value: added.value + (this.#counts.get(key)?.value ?? 0) })
    }
    this.#cursors.set(cursor, from + page.length)
    return page.length
  }

  async counts(under = ''): Promise<readonly Count[]> {
    this.calls.counts += 1
    await this.gate
    return [...this.#counts.values()].filter(({ name }) => name.startsWith(under))
  }

  async totals(): Promise<Totals> {
    this.calls.totals += 1
    await this.gate
    return { ...NOTHING, ...this.said }
  }
}

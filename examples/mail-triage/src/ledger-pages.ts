import type { Ledger, Page, Register } from '@groundtrace/core'

/** The pages of a ledger from a position to its end. */
export async function* ledgerPages<L extends Ledger>(
  register: Register,
  ledger: L,
  after = 0,
): AsyncGenerator<Page<L>> {
  for (let position = after; ;) {
    const page = await register.read(ledger, { after: position })
    if (page.lines.length === 0) return
    yield page
    position = page.position
  }
}

import type { Ledger, LedgerLines, Register } from '@groundtrace/core'
import { jsonLine } from './json-text.ts'
import type { LineWriter } from './line-writer.ts'
import { textTable } from './text-table.ts'

/** What is shown of a ledger, and how. */
export interface Listing<L extends Ledger> {
  readonly ledger: L
  readonly keeps: (line: LedgerLines[L]) => boolean
  readonly limit: number
  /** One JSON object a line instead of a table. */
  readonly json: boolean
  /** What a line is as JSON. */
  readonly object: (line: LedgerLines[L]) => unknown
  readonly headings: readonly string[]
  /** What a line is in the table; safe to print. */
  readonly cells: (line: LedgerLines[L]) => readonly string[]
}

/**
 * Prints lines of a ledger in commit order. Page by page, and the next one only when the last is taken: memory is that of one
 * page, however long the ledger is and however slow the reader.
 * @returns how many lines were printed; those that a reader no longer wanted included
 */
export async function printLedger<L extends Ledger>(
  register: Register,
  listing: Listing<L>,
  write: LineWriter,
): Promise<number> {
  const { ledger, keeps, limit, json, object, headings, cells } = listing
  const table = textTable(headings)
  let printed = 0
  for (let after = 0; printed < limit;) {
    const { lines, position } = await register.read(ledger, { after })
    if (lines.length === 0) break
    after = position
    const kept = lines.filter(keeps).slice(0, limit - printed)
    printed += kept.length
    const text = json ? kept.map((line) => jsonLine(object(line))).join('') : table.rows(kept.map(cells))
    if (text !== '' && !(await write(text))) break
  }
  return printed
}

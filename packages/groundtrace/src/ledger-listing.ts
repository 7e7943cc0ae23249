import { jsonLine } from './json-text.ts'
import type { LineWriter } from './line-writer.ts'
import { textTable } from './text-table.ts'

/** Lines in order and where to go on reading; no lines: there is no more. */
interface LinePage<Line> {
  readonly lines: readonly Line[]
  readonly position: number
}

/** What is shown of a ledger, or of what waits to be in it, and how. */
export interface Listing<Line> {
  /** Reads the page after a position, from 0. */
  readonly page: (after: number) => Promise<LinePage<Line>>
  readonly keeps: (line: Line) => boolean
  readonly limit: number
  /** One JSON object a line instead of a table. */
  readonly json: boolean
  /** What a line is as JSON. */
  readonly object: (line: Line) => unknown
  readonly headings: readonly string[]
  /** What a line is in the table; safe to print. */
  readonly cells: (line: Line) => readonly string[]
}

/**
 * Prints lines of a ledger in order. Page by page, and the next one only when the last is taken: memory is that of one
 * page, however long the ledger is and however slow the reader.
 * @returns how many lines were printed; those that a reader no longer wanted included
 */
export async function printLedger<Line>(listing: Listing<Line>, write: LineWriter): Promise<number> {
  const { page, keeps, limit, json, object, headings, cells } = listing
  const table = textTable(headings)
  let printed = 0
  for (let after = 0; printed < limit;) {
    const { lines, position } = await page(after)
    if (lines.length === 0) break
    after = position
    const kept = lines.filter(keeps).slice(0, limit - printed)
    printed += kept.length
    const text = json ? kept.map((line) => jsonLine(object(line))).join('') : table.rows(kept.map(cells))
    if (text !== '' && !(await write(text))) break
  }
  return printed
}

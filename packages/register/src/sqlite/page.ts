import type { Ledger, LedgerLines, Page } from '@groundtrace/core'
import { bytesOf } from '../bytes-of.ts'

/** Memory that the lines of one page take, about, and that what they share takes: a page has one line at least. */
const MOST_BYTES = 16 * 2 ** 20

/** What the lines of a page share is read once, and counted once, however many lines share it. */
export type Once = <T>(what: string, read: () => T) => T

/**
 * The lines of a page, in order, until they take too much memory: a thousand lines about different predictions, or a few
 * about predictions with a hundred large members, may be more than memory should hold. A line that takes no more than those
 * before it is in the page all the same: however often a mind was changed about one prediction, that is read once.
 * @param rows read as far as they are taken
 * @param own what a line takes that it shares with no other
 */
export function pageOf<L extends Ledger, Row extends { readonly position: number }>(
  rows: Iterable<Row>,
  after: number,
  decode: (row: Row, once: Once) => LedgerLines[L],
  own: (line: LedgerLines[L]) => unknown,
): Page<L> {
  const shared = new Map<string, unknown>()
  let sharedBytes = 0
  let ownBytes = 0
  const once: Once = (what, read) => {
    if (!shared.has(what)) {
      const value = read()
      shared.set(what, value)
      sharedBytes += bytesOf(value)
    }
    return shared.get(what) as ReturnType<typeof read>
  }
  const lines: LedgerLines[L][] = []
  let position = after
  for (const row of rows) {
    const before = sharedBytes
    const line = decode(row, once)
    ownBytes += bytesOf(own(line))
    const isTooMuch = ownBytes > MOST_BYTES || (sharedBytes > MOST_BYTES && sharedBytes > before)
    if (isTooMuch && lines.length > 0) break
    lines.push(line)
    position = row.position
  }
  return { lines, position }
}

import { checkedLineage, type LineageLine, type Receipt } from '@groundtrace/core'
import { sameContent } from '../content.ts'
import { claimedId, conflictReason, receipt, refusal } from '../receipt.ts'

/** The lineage ledger, as decisions see it. */
export interface LineageBook {
  /** The line with this ID, members included. */
  line(id: string): LineageLine | undefined
  isMade(dataSet: string): boolean
  isTrained(model: string, version: string): boolean
  /** A line says that it was deployed, or seen to predict. */
  isLive(model: string, version: string): boolean
  write(line: LineageLine): void
}

/** Why a line takes a name that is given already: data sets and model versions are made once. */
function taken(line: LineageLine, book: LineageBook): string | undefined {
  if (line.kind === 'data-set-made' && book.isMade(line.dataSet)) {
    return `Data set ${line.dataSet} was made before. Give each data set a name of its own.`
  }
  if (line.kind === 'version-trained' && book.isTrained(line.model, line.version)) {
    return `Version ${line.version} of ${line.model} was trained before. Versions are never reused: give a new one.`
  }
  return undefined
}

/** A line that passed its check, or why it did not. */
export type CheckedLine = { readonly line: LineageLine } | { readonly refused: Receipt }

/** Checks lines, once. */
export function checkedLines(lines: readonly LineageLine[]): readonly CheckedLine[] {
  return lines.map((given) => {
    try {
      return { line: checkedLineage(given) }
    } catch (error) {
      return { refused: receipt(claimedId(given), 'rejected', refusal(error)) }
    }
  })
}

function appendOne(line: LineageLine, book: LineageBook): Receipt {
  try {
    // Whoever sees a deployment later, or after it was declared, sees nothing new, whatever else it says of it.
    if (line.kind === 'version-seen' && book.isLive(line.model, line.version)) return receipt(line.id, 'duplicate')
    const kept = book.line(line.id)
    if (kept !== undefined) {
      if (sameContent(kept, line)) return receipt(line.id, 'duplicate')
      return receipt(line.id, 'conflict', conflictReason('lineage line'))
    }
    const reason = taken(line, book)
    if (reason !== undefined) return receipt(line.id, 'conflict', reason)
    book.write(line)
    return receipt(line.id, 'stored')
  } catch (error) {
    return receipt(line.id, 'rejected', refusal(error))
  }
}

/** One receipt a line, in order; what is new is written. */
export function appendLineage(lines: readonly CheckedLine[], book: LineageBook): readonly Receipt[] {
  return lines.map((checked) => ('line' in checked ? appendOne(checked.line, book) : checked.refused))
}

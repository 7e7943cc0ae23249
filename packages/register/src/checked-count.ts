import { isName, quote, type Count } from '@groundtrace/core'
import { invalidArgument } from './arguments.ts'
import { canonical } from './content.ts'

/** A count as it is kept. */
export type CheckedCount = readonly [name: string, labelsJson: string, value: number]

/** A count ready to be added. @throws GroundtraceError `invalid-argument` for what can't be added up */
export function checkedCount(count: Count): CheckedCount {
  const { name, labels, value } = count ?? {}
  const texts = typeof labels === 'object' && labels !== null ? Object.values(labels) : [undefined]
  if (!isName(name) || !Number.isFinite(value) || texts.some((text) => typeof text !== 'string')) {
    throw invalidArgument(
      `Count ${quote(name)} of ${quote(value)} is no count`,
      'Return counts with a bounded name, labels that are texts, and a finite value',
    )
  }
  return [name, canonical(labels), value]
}

/** @throws GroundtraceError `invalid-argument` when a cursor is over another ledger than asked for */
export function expectLedger(cursor: string, kept: string, asked: string): void {
  if (kept === asked) return
  throw invalidArgument(
    `Cursor ${quote(cursor)} is over ledger ${kept}, not over ${asked}`,
    'Give each ledger a cursor of its own',
  )
}

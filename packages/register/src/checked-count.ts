import { isName, quote, type Count } from '@groundtrace/core'
import { invalidArgument } from './arguments.ts'
import { canonical } from './content.ts'

/** A count as it is kept. */
export type CheckedCount = readonly [name: string, labelsJson: string, value: number, expires: number | null]

/** A count ready to be added. @throws GroundtraceError `invalid-argument` for what can't be added up */
export function checkedCount(count: Count): CheckedCount {
  const { name, labels, value, expires } = count ?? {}
  const texts = typeof labels === 'object' && labels !== null ? Object.values(labels) : [undefined]
  const lasts = expires === undefined || Number.isFinite(expires)
  if (!isName(name) || !Number.isFinite(value) || !lasts || texts.some((text) => typeof text !== 'string')) {
    throw invalidArgument(
      `Count ${quote(name)} of ${quote(value)} is no count`,
      'Return counts with a bounded name, labels that are texts, a finite value, and a time to expire or none',
    )
  }
  return [name, canonical(labels), value, expires ?? null]
}

/** A row of the table of counts. */
export interface CountRow {
  readonly name: string
  readonly labels_json: string
  readonly value: number
  readonly expires: number | null
}

export const decodeCount = ({ name, labels_json: labels, value, expires }: CountRow): Count => ({
  name,
  labels: JSON.parse(labels) as Count['labels'],
  value,
  ...(expires === null ? {} : { expires }),
})

/** The names that begin with a text: from the first on, and below the second. Names are ASCII, compared byte by byte. */
export const namesUnder = (under: string): readonly [from: string, below: string] => [under, `${under}\u007f`]

/** @throws GroundtraceError `invalid-argument` when a cursor is over another ledger than asked for */
export function expectLedger(cursor: string, kept: string, asked: string): void {
  if (kept === asked) return
  throw invalidArgument(
    `Cursor ${quote(cursor)} is over ledger ${kept}, not over ${asked}`,
    'Give each ledger a cursor of its own',
  )
}

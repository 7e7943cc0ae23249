import type { DataSetMember, LineageLine, LostBy, TrackingId } from '@groundtrace/core'

export type DataSetLine = LineageLine & { readonly kind: 'data-set-made' }

/** A line of lineage without the members of its data set, which are rows of their own. */
export interface LineageRow {
  readonly position: number
  readonly line_json: string
  /** How many members the line has. */
  readonly members: number
}

export interface MemberRow {
  readonly example: TrackingId
  readonly prediction: TrackingId
  readonly feedback_json: string
  /** NULL where it was not. */
  readonly lost: LostBy | null
}

/** As the ledger has it, whatever became of it since. */
export const memberOf = (row: MemberRow): DataSetMember => ({
  example: row.example,
  prediction: row.prediction,
  feedback: JSON.parse(row.feedback_json) as TrackingId[],
})

/** As it stands now. */
export const standingMember = (row: MemberRow): DataSetMember =>
  row.lost === null ? memberOf(row) : { ...memberOf(row), lost: row.lost }

/** Members of data sets in one page; the line that passes it is the last of its page. */
const MAX_MEMBERS = 20_000

/** As many rows as have few enough members together, at least one. */
export function withinMembers(rows: readonly LineageRow[]): readonly LineageRow[] {
  let members = 0
  const end = rows.findIndex((row) => (members += row.members) >= MAX_MEMBERS)
  return end === -1 ? rows : rows.slice(0, end + 1)
}

import type { JoinedFeedback, JoinedOutcome, Ledger, LedgerLines, Page, Prediction } from '@groundtrace/core'
import { decodeFeedback } from '../feedback-row.ts'
import { withinMembers, type LineageRow } from '../lineage-row.ts'
import { decodeOutcome } from '../outcome-row.ts'
import { LEDGER_COLUMNS, marksOf, PAYLOAD_JOIN, type StandingRow } from './feedback-ledger.ts'
import type { Lineage } from './lineage.ts'
import { OUTCOME_COLUMNS, type StoredOutcome } from './outcomes.ts'
import { PAYLOAD_COLUMNS, PREDICTION_COLUMNS, type Predictions, type WholeRow } from './predictions.ts'
import type { Store } from './store.ts'
import type { TallyTable } from './tallies.ts'

interface Tables {
  readonly predictions: Predictions
  readonly lineage: Lineage
  readonly tallies: TallyTable
}

type Readers = { readonly [L in Ledger]: (after: number, limit: number) => Page<L> }

/** Reads a page of a ledger, in commit order. */
export type ReadPage = <L extends Ledger>(ledger: L, after: number, limit: number) => Page<L>

function pageOf<L extends Ledger, Row extends { readonly position: number }>(
  rows: readonly Row[],
  after: number,
  decode: (row: Row) => LedgerLines[L],
): Page<L> {
  return { lines: rows.map(decode), position: rows.at(-1)?.position ?? after }
}

export function tail(store: Store, { predictions, lineage, tallies }: Tables): ReadPage {
  const selectPredictions = store.prepare(`
    SELECT ${PREDICTION_COLUMNS}, p.position, ${PAYLOAD_COLUMNS}
    FROM predictions p LEFT JOIN prediction_payloads payload ON payload.position = p.position
    WHERE p.position > ? ORDER BY p.position LIMIT ?`)
  const selectFeedback = store.prepare(
    `SELECT ${LEDGER_COLUMNS} FROM feedback f ${PAYLOAD_JOIN} WHERE f.position > ? ORDER BY f.position LIMIT ?`,
  )
  const selectOutcomes = store.prepare(
    `SELECT ${OUTCOME_COLUMNS} FROM outcomes o WHERE o.position > ? ORDER BY o.position LIMIT ?`,
  )
  const selectLineage = store.prepare(
    'SELECT position, line_json, members FROM lineage WHERE position > ? ORDER BY position LIMIT ?',
  )

  const subject = (position: number): Prediction => predictions.subjectAt(position).prediction

  function joinedFeedback(row: StandingRow): JoinedFeedback & { readonly prediction: Prediction } {
    // As it joined: a line reads the same for ever, whatever was taken back since.
    const status = row.held_at_join === 1 ? 'held' : 'stored'
    return { feedback: decodeFeedback(row), status, prediction: subject(row.prediction), ...marksOf(row) }
  }

  function joinedOutcome(row: StoredOutcome): JoinedOutcome {
    const prediction = subject(row.prediction)
    const outcome = decodeOutcome(row, prediction.id)
    // Most registers have no members, and none is looked for.
    const isMember = prediction.whole !== undefined || tallies.value('members') === 0
    const members = isMember ? [] : predictions.membersOf(prediction)
    const line = { outcome, prediction, recorded: row.recorded }
    return members.length === 0 ? line : { ...line, members }
  }

  const readers: Readers = {
    predictions: (after, limit) =>
      pageOf(selectPredictions.all(after, limit) as unknown as (WholeRow & { position: number })[], after, (row) =>
        predictions.decode(row),
      ),
    feedback: (after, limit) =>
      pageOf(selectFeedback.all(after, limit) as unknown as StandingRow[], after, joinedFeedback),
    outcomes: (after, limit) =>
      pageOf(selectOutcomes.all(after, limit) as unknown as StoredOutcome[], after, joinedOutcome),
    lineage: (after, limit) =>
      pageOf(withinMembers(selectLineage.all(after, limit) as unknown as LineageRow[]), after, (row) =>
        lineage.decode(row),
      ),
  }
  return (ledger, after, limit) => readers[ledger](after, limit)
}

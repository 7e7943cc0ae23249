import type { StatementSync } from 'node:sqlite'
import type { JoinedFeedback, JoinedOutcome, Ledger, Page, Prediction } from '@groundtrace/core'
import { decodeFeedback } from '../feedback-row.ts'
import { withinMembers, type LineageRow } from '../lineage-row.ts'
import { decodeOutcome } from '../outcome-row.ts'
import { LEDGER_COLUMNS, marksOf, PAYLOAD_JOIN, type StandingRow } from './feedback-ledger.ts'
import type { Lineage } from './lineage.ts'
import { OUTCOME_COLUMNS, type StoredOutcome } from './outcomes.ts'
import { pageOf, type Once } from './page.ts'
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

const rowsAfter = <Row>(statement: StatementSync, after: number, limit: number): Iterable<Row> =>
  statement.iterate(after, limit) as Iterable<unknown> as Iterable<Row>

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

  const subject = (position: number, once: Once): Prediction =>
    once(`prediction ${position}`, () => predictions.subjectAt(position).prediction)

  function joinedFeedback(row: StandingRow, once: Once): JoinedFeedback & { readonly prediction: Prediction } {
    // As it joined: a line reads the same for ever, whatever was taken back since.
    const status = row.held_at_join === 1 ? 'held' : 'stored'
    return { feedback: decodeFeedback(row), status, prediction: subject(row.prediction, once), ...marksOf(row) }
  }

  function joinedOutcome(row: StoredOutcome, once: Once): JoinedOutcome {
    const prediction = subject(row.prediction, once)
    const outcome = decodeOutcome(row, prediction.id)
    // Most registers have no members, and none is looked for.
    const isMember = prediction.whole !== undefined || tallies.value('members') === 0
    const members = isMember ? [] : once(`members of ${row.prediction}`, () => predictions.membersOf(prediction))
    const line = { outcome, prediction, recorded: row.recorded }
    return members.length === 0 ? line : { ...line, members }
  }

  const readers: Readers = {
    predictions: (after, limit) =>
      pageOf(
        rowsAfter<WholeRow & { readonly position: number }>(selectPredictions, after, limit),
        after,
        (row) => predictions.decode(row),
        (prediction) => prediction,
      ),
    feedback: (after, limit) =>
      pageOf(rowsAfter<StandingRow>(selectFeedback, after, limit), after, joinedFeedback, ({ feedback }) => feedback),
    outcomes: (after, limit) =>
      pageOf(rowsAfter<StoredOutcome>(selectOutcomes, after, limit), after, joinedOutcome, ({ outcome }) => outcome),
    lineage: (after, limit) =>
      pageOf(
        withinMembers(selectLineage.all(after, limit) as unknown as LineageRow[]),
        after,
        (row) => lineage.decode(row),
        () => undefined,
      ),
  }
  return (ledger, after, limit) => readers[ledger](after, limit)
}

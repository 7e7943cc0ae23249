import type { Outcome, Prediction, Verdict } from '@groundtrace/core'
import type { Outcomes } from '../decide/books.ts'
import { verdictOf } from '../outcome-line.ts'
import { decodeOutcome, type OutcomeRow } from '../outcome-row.ts'
import type { Positions } from './positions.ts'
import type { Store } from './store.ts'

/** A row of `outcomes`. */
export type StoredOutcome = OutcomeRow & {
  readonly position: number
  /** Position of its prediction. */
  readonly prediction: number
  readonly recorded: number
}

/** The columns of an {@link StoredOutcome}, of the table under the alias `o`. */
export const OUTCOME_COLUMNS =
  'o.position, o.prediction, o.version, o.phase, o.verdict_json, o.evidence_json, o.time, o.replaces_json, o.recorded'

export interface OutcomeTable extends Outcomes {
  /** @param position of the prediction */
  of(prediction: Prediction['id'], position: number): readonly Outcome[]
}

export function outcomeTable(store: Store, positions: Positions): OutcomeTable {
  const insert = store.prepare(`
    INSERT INTO outcomes (position, prediction, version, phase, verdict_json, evidence_json, time, replaces_json, recorded)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const move = store.prepare('UPDATE predictions SET outcome_version = ?, closed = max(closed, ?) WHERE position = ?')
  const close = store.prepare('UPDATE predictions SET closed = 1 WHERE position = ?')
  const selectVerdict = store.prepare('SELECT verdict_json FROM outcomes WHERE prediction = ? AND version = ?')
  const selectOf = store.prepare(`
    SELECT ${OUTCOME_COLUMNS} FROM predictions p JOIN outcomes o ON o.prediction = p.position
    WHERE p.position = ? ORDER BY o.version`)

  return {
    write(position, outcome) {
      const { version, phase, evidence, time, replaces } = outcome
      insert.run(
        positions.next('outcomes'),
        position,
        version,
        phase,
        JSON.stringify(verdictOf(outcome)),
        JSON.stringify(evidence),
        time,
        replaces === undefined ? null : JSON.stringify(replaces),
        store.now(),
      )
      move.run(version, phase === 'horizon' ? 1 : 0, position)
    },
    close: (position) => void close.run(position),
    verdict(position, version) {
      if (version === 0) return undefined
      const row = selectVerdict.get(position, version)
      return row === undefined ? undefined : (JSON.parse(row['verdict_json'] as string) as Verdict)
    },
    of: (prediction, position) =>
      selectOf.all(position).map((row) => decodeOutcome(row as unknown as OutcomeRow, prediction)),
  }
}

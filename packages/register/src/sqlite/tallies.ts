import { OUTCOME_STATES, type OutcomeState, type Totals } from '@groundtrace/core'
import type { Store } from './store.ts'

/** Figures that are kept by addition, so that no total ever counts rows. */
export type Tally =
  | 'predictions'
  | 'predictions.with-outcome'
  | 'feedback.joined'
  | 'feedback.held'
  | 'feedback.penned'
  | 'feedback.duplicate'
  | 'feedback.conflict'
  | 'feedback.rejected'
  | `outcomes.${OutcomeState}`

export interface Tallies {
  add(tally: Tally, amount: number): void
  /** As it stands within the running transaction. */
  value(tally: Tally): number
  recordLoss(loss: Readonly<Record<string, number>>): void
  totals(): Totals
}

export function tallyTable(store: Store): Tallies {
  const select = store.prepare('SELECT value FROM tallies WHERE name = ?')
  const add = store.prepare(
    'INSERT INTO tallies (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value',
  )
  const addLoss = store.prepare(
    'INSERT INTO loss (reason, lines) VALUES (?, ?) ON CONFLICT (reason) DO UPDATE SET lines = MIN(lines + excluded.lines, 9007199254740991)',
  )
  const selectLoss = store.prepare('SELECT reason, lines FROM loss ORDER BY reason')

  const pending = new Map<Tally, number>()
  store.onStale(() => pending.clear())
  store.beforeCommit(() => {
    for (const [tally, amount] of pending) if (amount !== 0) add.run(tally, amount)
    pending.clear()
  })

  const value = (tally: Tally): number =>
    ((select.get(tally)?.['value'] as number | undefined) ?? 0) + (pending.get(tally) ?? 0)

  return {
    add: (tally, amount) => void pending.set(tally, (pending.get(tally) ?? 0) + amount),
    value,
    recordLoss(loss) {
      for (const [reason, lines] of Object.entries(loss)) if (lines > 0) addLoss.run(reason, lines)
    },
    totals() {
      const predictions = value('predictions')
      const held = value('feedback.held')
      return {
        predictions,
        feedback: {
          stored: value('feedback.joined') - held,
          orphaned: value('feedback.penned'),
          held,
          duplicate: value('feedback.duplicate'),
          conflict: value('feedback.conflict'),
          rejected: value('feedback.rejected'),
        },
        outcomes: Object.fromEntries(OUTCOME_STATES.map((state) => [state, value(`outcomes.${state}`)])) as Record<
          OutcomeState,
          number
        >,
        open: predictions - value('predictions.with-outcome'),
        loss: Object.fromEntries(selectLoss.all().map((row) => [row['reason'], row['lines']])) as Totals['loss'],
      }
    },
  }
}

import { OUTCOME_STATES, type OutcomeState, type Totals } from '@groundtrace/core'
import type { Tally } from './decide/books.ts'

/** The totals, as the tallies tell them. */
export function totalsOf(value: (tally: Tally) => number, loss: Totals['loss']): Totals {
  const predictions = value('predictions')
  const held = value('feedback.held')
  return {
    predictions,
    members: value('members'),
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
    removed: {
      erased: value('payloads.erased'),
      withheld: value('payloads.withheld'),
      pruned: value('pruned.predictions') + value('pruned.members'),
    },
    loss,
  }
}

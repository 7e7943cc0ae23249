import { setImmediate } from 'node:timers/promises'
import type { Count, Ledger, LedgerLines, Register } from '@groundtrace/core'
import { countFeedback } from './count-feedback.ts'
import { countLineage } from './count-lineage.ts'
import { countOutcomes } from './count-outcomes.ts'
import { countPredictions } from './count-predictions.ts'
import { countAnswered, countAsked } from './maturity/count-maturity.ts'

/** The part of the register that the exporter uses. */
export type MetricsRegister = Pick<Register, 'advance' | 'counts' | 'totals'>

type Bounding = (counts: readonly Count[]) => readonly Count[]

/** A few milliseconds of an embedded register; smaller pages cost more in transactions than they save. */
const LINES_PER_PAGE = 250

/** The cursor of each ledger. One for all exporters: a line is counted once, whoever counts it. */
export function metricsCursor(ledger: Ledger): string {
  return `groundtrace.metrics.${ledger}`
}

/**
 * Counts what was appended since the last time, ledger by ledger, until the ends or until `most` lines were taken.
 * @param within applied to the counts before they are added: bounds labels
 * @returns how many lines were taken
 */
export async function tailLedgers(
  register: MetricsRegister,
  within: Bounding,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  let taken = await tailLedger(
    register,
    'predictions',
    (lines) => [...within(countPredictions(lines)), ...countAsked(lines)],
    most,
  )
  taken += await tailLedger(register, 'feedback', (lines) => within(countFeedback(lines)), most - taken)
  taken += await tailLedger(
    register,
    'outcomes',
    (lines) => [...within(countOutcomes(lines)), ...countAnswered(lines)],
    most - taken,
  )
  taken += await tailLedger(register, 'lineage', (lines) => within(countLineage(lines)), most - taken)
  return taken
}

async function tailLedger<L extends Ledger>(
  register: MetricsRegister,
  ledger: L,
  count: (lines: readonly LedgerLines[L][]) => readonly Count[],
  most: number,
): Promise<number> {
  let taken = 0
  while (taken < most) {
    const lines = await register.advance(metricsCursor(ledger), ledger, count, Math.min(LINES_PER_PAGE, most - taken))
    if (lines === 0) break
    taken += lines
    // An embedded register works on this very thread: let the host have its turn between pages.
    await setImmediate()
  }
  return taken
}

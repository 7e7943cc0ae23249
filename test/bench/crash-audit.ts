import type { Ledger, LedgerLines, Register } from '@groundtrace/core'
import { byPhase } from './crash-register.ts'

/** What writers were told is kept. */
export interface Acknowledged {
  readonly predictions: Set<string>
  readonly feedback: Set<string>
}

export interface Audit {
  /** Lines that were acknowledged and are not there. */
  readonly lost: number
  /** Lines that are there more than once, and figures that differ from a recount by so much. */
  readonly doubled: number
}

const PAGE = 5000

async function wholeLedger<L extends Ledger>(register: Register, ledger: L): Promise<readonly LedgerLines[L][]> {
  const lines: LedgerLines[L][] = []
  for (let after = 0; ;) {
    const page = await register.read(ledger, { after, limit: PAGE })
    if (page.lines.length === 0) return lines
    lines.push(...page.lines)
    after = page.position
  }
}

const missing = (acknowledged: ReadonlySet<string>, kept: readonly string[]): number => {
  const there = new Set(kept)
  return [...acknowledged].filter((id) => !there.has(id)).length
}

const twice = (keys: readonly string[]): number => keys.length - new Set(keys).size

/** Holds a register against what was acknowledged, and its figures against a count of its ledgers. */
export async function audit(register: Register, acknowledged: Acknowledged): Promise<Audit> {
  await register.closeHorizons({ now: Number.MAX_SAFE_INTEGER })
  while ((await register.advance('crash', 'outcomes', byPhase, PAGE)) > 0);
  const predictions = (await wholeLedger(register, 'predictions')).map(({ id }) => id)
  const joined = (await wholeLedger(register, 'feedback')).map(({ feedback }) => feedback.id)
  const outcomes = await wholeLedger(register, 'outcomes')
  const unjoined = new Set(acknowledged.feedback)
  for (const id of joined) unjoined.delete(id)
  const waiting: string[] = []
  for (const id of unjoined) {
    if ((await register.feedback(id as never))?.status === 'orphaned') waiting.push(id)
  }
  const horizons = outcomes
    .filter(({ outcome }) => outcome.phase === 'horizon')
    .map(({ outcome }) => outcome.prediction)
  const totals = await register.totals()
  const counted = (await register.counts()).reduce((sum, { value }) => sum + value, 0)
  const versions = (await register.versions()).reduce((sum, version) => sum + version.predictions, 0)
  const figures = [
    totals.predictions - predictions.length,
    totals.feedback.stored + totals.feedback.held - joined.length,
    versions - predictions.length,
    counted - outcomes.length,
    horizons.length - predictions.length,
  ]
  return {
    lost: missing(acknowledged.predictions, predictions) + missing(acknowledged.feedback, [...joined, ...waiting]),
    doubled:
      twice(predictions) +
      twice(joined) +
      twice(horizons) +
      twice(outcomes.map(({ outcome }) => `${outcome.prediction} ${outcome.version}`)) +
      figures.reduce((sum, difference) => sum + Math.abs(difference), 0),
  }
}

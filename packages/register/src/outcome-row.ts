import type { Outcome, TrackingId, Verdict } from '@groundtrace/core'

/** The columns that hold an outcome itself. */
export interface OutcomeRow {
  readonly version: number
  readonly phase: Outcome['phase']
  readonly verdict_json: string
  readonly evidence_json: string
  readonly time: number
  readonly replaces_json: string | null
}

export function decodeOutcome(row: OutcomeRow, prediction: TrackingId): Outcome {
  return {
    ...(JSON.parse(row.verdict_json) as Verdict),
    prediction,
    version: row.version,
    phase: row.phase,
    evidence: JSON.parse(row.evidence_json) as TrackingId[],
    time: row.time,
    ...(row.replaces_json === null ? {} : { replaces: JSON.parse(row.replaces_json) as Verdict }),
  }
}

import type { Authority } from './proof-table.ts'
import type { TrackingId } from './tracking-id.ts'
import type { Value } from './value.ts'

/** What we hold of a prediction. `expired`: nobody gave an answer that proves anything; `censored`: nobody could. */
export const OUTCOME_STATES = ['settled', 'contested', 'retracted', 'expired', 'censored'] as const
export type OutcomeState = (typeof OUTCOME_STATES)[number]

/**
 * When a line was written, seen from the horizon. Every prediction gets exactly one line `horizon`, which is when its
 * quality counts; what comes after it is `late` and counts as a revision.
 */
export const OUTCOME_PHASES = ['early', 'horizon', 'late'] as const
export type OutcomePhase = (typeof OUTCOME_PHASES)[number]

/** What is held to be true, without its place in the ledger. */
export interface Verdict {
  readonly state: OutcomeState
  /** The truth, where it is known. */
  readonly label?: Value
  /** Classes known not to be the truth, where that is all that is known. */
  readonly ruledOut?: readonly Value[]
  /** Whether the prediction was right, where that is known; it can be known without the truth. */
  readonly correct?: boolean
  readonly authority?: Authority
}

/** A line of the outcomes ledger. */
export interface Outcome extends Verdict {
  readonly prediction: TrackingId
  /** From 1, without gaps, per prediction. */
  readonly version: number
  readonly phase: OutcomePhase
  /** Feedback that this verdict rests on. */
  readonly evidence: readonly TrackingId[]
  /** When it became so: milliseconds since 1970, event time of the latest feedback or of the horizon. */
  readonly time: number
  /** The verdict that this line replaces. */
  readonly replaces?: Verdict
}

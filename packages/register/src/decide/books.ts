import type { Feedback, Outcome, OutcomeState, Prediction, TrackingId, Verdict } from '@groundtrace/core'
import type { FeedbackDraft, FeedbackRow } from '../feedback-row.ts'

/**
 * The books that decisions are made from and written into. They answer at once: a driver whose store is further away loads
 * what is asked for beforehand, and writes what was noted down afterwards.
 */

/** A prediction as the join sees it. */
export interface Subject {
  readonly position: number
  /** Without its payload. */
  readonly prediction: Prediction
  /** Version of its latest outcome line; 0 when there is none. */
  readonly outcomeVersion: number
  /** Its horizon line is written. */
  readonly closed: boolean
}

/** A prediction with a business key. */
export interface KeyedPrediction {
  /** Name of the model. */
  readonly model: string
  readonly position: number
}

/**
 * Predictions with one business key that are looked at, to see which is meant and whether several models could be: the cost
 * of a feedback must depend neither on how often a key was predicted nor on how many versions there are.
 */
export const MOST_BY_KEY = 100

export type KeyTarget = Extract<Feedback['target'], { entity: string }>

export interface Subjects {
  subject(id: TrackingId): Subject | undefined
  /** The prediction at a position that a row of the register names. */
  subjectAt(position: number): Subject
  /**
   * The predictions with this key that are not after a time: the latest first, {@link MOST_BY_KEY} at most. Members are passed
   * over: their whole is meant.
   */
  latestByKey(target: KeyTarget, time: number): readonly KeyedPrediction[]
}

/** A feedback whose payload is stored: new, or out of the pen. */
export interface KeptFeedback {
  readonly feedback: Feedback
  readonly lineJson: string
  readonly payload: number | null
  readonly recorded: number
}

/** A feedback of the ledger. */
export type LedgerRow = FeedbackRow & {
  readonly position: number
  /** Position of its prediction. */
  readonly prediction: number
}

export interface Lines {
  /** In order of joining, of the payloads only who said it. Some of what changes no verdict may be left out. */
  readonly lines: readonly { readonly feedback: Feedback; readonly position: number; held: boolean }[]
  /** Event time of the latest of all. */
  readonly latest: number
}

export interface FeedbackLedger {
  /** Stores the payload of a new feedback and says what its row will hold. */
  keep(draft: FeedbackDraft): KeptFeedback
  /** @param late its prediction is closed. @returns its position */
  insert(prediction: number, kept: KeptFeedback, flags: { readonly held: boolean; readonly late: boolean }): number
  hold(position: number, held: boolean): void
  row(id: TrackingId): LedgerRow | undefined
  /** What a verdict needs of what joined a prediction. */
  linesOn(position: number): Lines
  /** How much joined a prediction. */
  size(position: number): number
  /** A joined line that takes this one back or replaces it: the first that joined. */
  replacing(id: TrackingId): LedgerRow | undefined
  dropPayload(payload: number | null): void
}

/** Feedback that waits for one prediction, or for one business key: what comes after it is refused. */
export const MAX_WAITING = 1000

/** The place of a feedback in the pen. */
export interface WaitingRow {
  /** Order of arrival. */
  readonly sequence: number
  /** Row of its payload; NULL when it never had one. */
  readonly payload: number | null
  readonly recorded: number
}

/** A feedback that waits for its prediction. */
export type PenRow = FeedbackRow & WaitingRow

/** Feedback without its prediction: durable, and out again as soon as that is known. */
export interface Pen {
  /** So much waits for the same prediction or key that no more is taken. */
  full(target: Feedback['target']): boolean
  /** Nothing waits: no look-up is needed. */
  empty(): boolean
  put(kept: KeptFeedback): void
  take(row: WaitingRow): void
  row(id: TrackingId): PenRow | undefined
  /** What may belong to predictions after this position, in order of arrival. */
  calledBy(position: number): readonly PenRow[]
  /** What takes this feedback back or replaces it. */
  replacing(id: TrackingId): readonly PenRow[]
}

export interface Consent {
  /** Nothing of this person's may be kept beside the ledgers. */
  isWithdrawn(user: string): boolean
}

export interface Outcomes {
  /** Writes a line and moves the prediction on to it; what it adds up to is for the tallies. */
  write(position: number, outcome: Outcome): void
  /** Closes a prediction without a line. */
  close(position: number): void
  verdict(position: number, version: number): Verdict | undefined
}

/** Figures that are kept by addition, so that no total ever counts rows. */
export type Tally = Counted | `pruned.${Counted}` | 'payloads.erased' | 'payloads.withheld'

/** What is counted when a line comes, and stays counted when it is pruned: rows and `pruned` together. */
type Counted =
  | 'predictions'
  | 'members'
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
  recordLoss(loss: Readonly<Record<string, number>>): void
}

/**
 * Does the work; when what the store holds is damaged, the other thing.
 * @throws what the store itself throws when it fails
 */
export type UnlessStoreFailed = <T>(work: () => T, otherwise: () => T) => T

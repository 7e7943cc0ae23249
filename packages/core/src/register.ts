import type { Feedback } from './feedback.ts'
import type { LineageLine } from './lineage.ts'
import type { Outcome } from './outcome.ts'
import type { Prediction } from './prediction.ts'
import type { Task } from './task.ts'
import type { TrackingId } from './tracking-id.ts'

/**
 * What became of one appended line.
 * - `stored`: new, and kept; of a feedback: joined to its prediction.
 * - `orphaned`: a feedback whose prediction is not known yet; kept in the pen and joined when that arrives.
 * - `held`: joined, but its source gains from it, so it waits for confirmation.
 * - `duplicate`: the same ID with the same content was here before; nothing changed.
 * - `conflict`: the same ID with other content was here before; the first is kept.
 * - `rejected`: it can't be used; `reason` says why.
 */
export const RECEIPT_STATUSES = ['stored', 'orphaned', 'held', 'duplicate', 'conflict', 'rejected'] as const
export type ReceiptStatus = (typeof RECEIPT_STATUSES)[number]

export interface Receipt {
  readonly id: string
  readonly status: ReceiptStatus
  /** For `conflict` and `rejected`: cause and next step. */
  readonly reason?: string
}

export const LEDGERS = ['predictions', 'feedback', 'outcomes', 'lineage'] as const
export type Ledger = (typeof LEDGERS)[number]

/** A feedback as the register knows it: with the prediction it joined, once it did. */
export interface JoinedFeedback {
  readonly feedback: Feedback
  /** `orphaned` until its prediction arrives. In a page of the ledger: as it joined, so that a line always reads the same. */
  readonly status: 'stored' | 'held' | 'orphaned'
  /** The prediction it joined, without its payload. */
  readonly prediction?: Prediction
  /** It joined when its prediction was closed: what it changes counts as a revision. */
  readonly late?: true
  /** Its payload was erased, or withheld because its user had withdrawn: whose it was is not known any more. */
  readonly erased?: true
}

/** An outcome with the prediction it is about. */
export interface JoinedOutcome {
  readonly outcome: Outcome
  /** Without its payload; `Register.prediction` reads that. */
  readonly prediction: Prediction
  /**
   * In a page of the ledger, of a whole: its members that are about the same case (`sharesTruth`), as far as the register
   * knows them when it is read; the 100 that came first at most, without payload. Absent where there are none.
   */
  readonly members?: readonly Prediction[]
  /** In a page of the ledger: when the line was written, by the register's clock; milliseconds since 1970. */
  readonly recorded?: number
}

/** A line of each ledger, as a reader that tails it gets it. */
export interface LedgerLines {
  readonly predictions: Prediction
  /** A feedback appears when it joins, in the order of joining; an orphan appears once its prediction has come. */
  readonly feedback: JoinedFeedback & { readonly prediction: Prediction }
  readonly outcomes: JoinedOutcome
  readonly lineage: LineageLine
}

/** Lines in commit order and where to go on reading. Fewer lines than asked for do not mean the end; none do. */
export interface Page<L extends Ledger> {
  readonly lines: readonly LedgerLines[L][]
  /** Pass as `after` to read on; the same as given when there was nothing new. */
  readonly position: number
}

/** Feedback that waits, in the order in which it came, and where to go on reading. */
export interface WaitingPage {
  /** Each `orphaned`. */
  readonly lines: readonly JoinedFeedback[]
  /** Pass as `after` to read on; the same as given when there was nothing more. */
  readonly position: number
}

/** An additive figure kept in the store. Its labels are bounded and declared by who counts. */
export interface Count {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** When it is of no more use: `closeHorizons` drops it after that time. Milliseconds since 1970. Default: never. */
  readonly expires?: number
}

/** How many of each there are. Predictions are counted without members, which are no answers of their own. */
export interface Totals {
  readonly predictions: number
  /** Predictions that another one of the same task answers for; they are in no other figure here. */
  readonly members: number
  /**
   * `stored`, `held` and `orphaned`: lines that stand so now. `duplicate`, `conflict` and `rejected`: receipts ever given,
   * an orphan that turned out unfit when its prediction came included.
   */
  readonly feedback: Readonly<Record<ReceiptStatus, number>>
  /** Latest verdict per prediction. */
  readonly outcomes: Readonly<Record<Outcome['state'], number>>
  /** Predictions without any outcome line yet. */
  readonly open: number
  /**
   * The earliest horizon of a prediction that is not closed, in milliseconds since 1970: when it is past, `closeHorizons` is
   * due. Absent when all are closed.
   */
  readonly nextHorizon?: number
  /** What was taken out on purpose. It stays counted in all other figures. */
  readonly removed: {
    /** Payloads that were erased, of predictions and of feedback. */
    readonly erased: number
    /** Payloads that were not kept, because their user had withdrawn. */
    readonly withheld: number
    /** Predictions that were pruned, members included, each with all about it. */
    readonly pruned: number
  }
  /** The loss ledger: lines that never reached the register, or that it gave up, by reason. Empty when nothing was lost. */
  readonly loss: Readonly<Record<string, number>>
}

/** Where and how a version came about and what it did: one row per model version. */
export interface VersionRecord {
  readonly model: string
  readonly version: string
  readonly trainedOn?: string
  readonly validatedOn?: string
  readonly predictions: number
}

/** What differs between stores; callers ask for the capability, never for the store. */
export interface Capabilities {
  /** Several processes may write at once. */
  readonly sharedWriters: boolean
  /** What was acknowledged survives the loss of power, not only the death of the process. */
  readonly survivesPowerLoss: boolean
}

/**
 * Four append-only ledgers and the join between them. All methods are safe to call again after a failure: what was
 * acknowledged is found again and answered `duplicate`.
 * Every method rejects with GroundtraceError: `register-closed` after `close`, `register-unavailable` when the store fails.
 */
export interface Register {
  readonly capabilities: Capabilities

  /**
   * Appends predictions, joins waiting orphans, and moves what follows from that, in one transaction. One receipt a line, in
   * order. What is dated more than `MAX_PREDICTION_AHEAD_MS` ahead of the register's clock is
   * rejected.
   */
  appendPredictions(predictions: readonly Prediction[]): Promise<readonly Receipt[]>
  /**
   * Appends feedback, joins it and writes the outcomes that change, in one transaction. One receipt a line, in order. What is
   * dated more than `MAX_CLOCK_SKEW_MS` ahead of the register's clock is rejected.
   */
  appendFeedback(feedback: readonly Feedback[]): Promise<readonly Receipt[]>
  /**
   * Appends lineage lines in one transaction. A model version that was trained before is a `conflict`: versions are never
   * reused. A `version-seen` line of a version that was seen or deployed before is a `duplicate`, whatever else it says: of
   * many replicas and restarts that see the same deployment the first counts.
   */
  appendLineage(lines: readonly LineageLine[]): Promise<readonly Receipt[]>

  /**
   * Closes every prediction whose horizon is at or before `now` (milliseconds since 1970): writes its one `horizon` line.
   * Also drops feedback that has waited for its prediction for too long, counted as `orphan-expired` in the loss ledger, and
   * counts that are of no more use.
   * @returns how many were closed; at most `limit` (default: all)
   */
  closeHorizons(options: { readonly now: number; readonly limit?: number }): Promise<number>

  /** A prediction with its payload, or undefined. */
  prediction(id: TrackingId): Promise<Prediction | undefined>
  /** All feedback that joined a prediction, by event time. */
  feedbackOn(prediction: TrackingId): Promise<readonly JoinedFeedback[]>
  /** One feedback by its own ID. */
  feedback(id: TrackingId): Promise<JoinedFeedback | undefined>
  /**
   * Feedback whose prediction has not come: all of it, or what waits for one prediction that it names by tracking ID. What joins
   * or is dropped between two pages is in none. `limit`: lines at most, default 1,000.
   */
  waiting(options: {
    readonly after: number
    readonly prediction?: TrackingId
    readonly limit?: number
  }): Promise<WaitingPage>
  /** All outcome lines of a prediction, oldest first. */
  outcomesOf(prediction: TrackingId): Promise<readonly Outcome[]>
  /** IDs of the predictions of a trace, in order of time. */
  predictionsOfTrace(traceId: string): Promise<readonly TrackingId[]>
  /**
   * The predictions that were made right inside of another, or of the call whose row it is: those that name one of them as
   * `parent`. Without payload, in order of time; the 100 that came first at most.
   */
  predictionsInside(prediction: TrackingId): Promise<readonly Prediction[]>

  /**
   * Lineage lines that a prediction's examples went into: data sets, with the members of this prediction only, then the
   * versions trained on or validated with them.
   */
  lineageOf(prediction: TrackingId): Promise<readonly LineageLine[]>
  /** The line that made a data set, members included; those that may not be used any more say so. */
  dataSet(dataSet: string): Promise<(LineageLine & { kind: 'data-set-made' }) | undefined>
  versions(): Promise<readonly VersionRecord[]>
  /** The newest definition of every task that was declared or came with a prediction, by name. */
  tasks(): Promise<readonly Task[]>

  /** Reads a ledger in commit order. `limit`: lines at most, default 1,000. */
  read<L extends Ledger>(ledger: L, options: { readonly after: number; readonly limit?: number }): Promise<Page<L>>
  /**
   * Moves a named, durable cursor over a ledger and adds to the counts, in one transaction: after a crash every line has
   * been counted exactly once. `count` is pure and may be called again.
   * @returns how many lines were taken; 0 when the cursor is at the end
   */
  advance<L extends Ledger>(
    cursor: string,
    ledger: L,
    count: (lines: readonly LedgerLines[L][]) => readonly Count[],
    limit?: number,
  ): Promise<number>
  /** The counts whose name begins with `under` (default: all), in order of name and labels. */
  counts(under?: string): Promise<readonly Count[]>
  totals(): Promise<Totals>
  /** Adds to the loss ledger: lines that were dropped before they could be appended, by reason (a bounded word). */
  recordLoss(loss: Readonly<Record<string, number>>): Promise<void>

  /**
   * Removes the payloads (features, users, comments, harm reports) of these predictions and of all feedback on them, also of
   * feedback that waits for them by tracking ID. The ledgers stay. Sending a line again does not bring its payload back.
   * What has not arrived yet is not reached: flush the processors that feed the register first. Members of data sets that
   * were made from it are `lost`, also those of data sets that are made later.
   * Rejects with `register-unavailable` also when the rows are erased but the store could not yet let go of what was in
   * them; call again.
   * @returns how many payload rows went
   */
  erase(predictions: readonly TrackingId[]): Promise<number>
  /**
   * The same for a person: removes the payloads of all predictions that were made for them, and of all feedback of theirs, on
   * whosever prediction, also while it waits. In steps; what a step erased stays erased when a later one fails.
   * @param user the pseudonym, as lines name it
   * @returns how many payload rows went
   */
  eraseUser(user: string): Promise<number>
  /**
   * Erases a person and keeps no payload of theirs from now on: lines that name them are kept as if they had been erased at
   * once, and counted in `totals().removed.withheld`. Of the pseudonym a keyed hash is remembered.
   * @returns how many payload rows went
   */
  withdrawConsent(user: string): Promise<number>
  /** Forgets that a person withdrew: payloads of what comes from now on are kept. What is gone stays gone. */
  renewConsent(user: string): Promise<void>

  /**
   * Removes predictions that were made before a time, by event time, with all that is about them: payload, feedback, outcomes.
   * Only those go that are closed, and of which every cursor has read every line. What was counted stays counted; members of
   * data sets are `lost`. The register keeps nothing older from then on: such a prediction is `rejected` when it comes, or
   * comes again. Without a task also feedback goes that has waited for its prediction since before that time, counted as
   * `orphan-expired` in the loss ledger. In steps: others may call in between.
   * @returns how many predictions went, members included; at most `limit` (default: all)
   */
  prune(options: { readonly before: number; readonly task?: string; readonly limit?: number }): Promise<number>

  /** Lets go of the store. Again: does nothing. */
  close(): Promise<void>
}

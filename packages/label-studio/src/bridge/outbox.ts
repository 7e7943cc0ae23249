import { GroundtraceError, quote, type Secret } from '@groundtrace/core'
import { openAnswerLedger, type AnswerLedger } from './answer-ledger.ts'
import { openFeedbackQueue, type FeedbackQueue } from './feedback-queue.ts'
import { openServingLedger, type ServingLedger } from '../truth/serving-ledger.ts'
import { openTruthLedger, type TruthLedger } from '../truth/truth-ledger.ts'
import { openGaps, type Gaps } from './gaps.ts'
import { openPositions, type Positions } from './positions.ts'
import { openProjects, type Projects } from './projects.ts'
import { openRounds, type Rounds } from './rounds.ts'
import { openStore, type StoreOptions } from './store.ts'
import { unitKeys } from './unit-keys.ts'
import { openUnits, type Units } from './units.ts'

/**
 * What the bridge remembers: which prediction stands behind which task, what was read of answers, and what is on its way.
 * It is the only place that knows both the tracking ID and the key, and it never tells the one to the server.
 */
export interface Outbox {
  readonly units: Units
  readonly answers: AnswerLedger
  readonly projects: Projects
  readonly positions: Positions
  readonly rounds: Rounds
  readonly gaps: Gaps
  readonly feedback: FeedbackQueue
  readonly truths: TruthLedger
  readonly servings: ServingLedger
  /** Where it is. */
  readonly path: string
  /** Time of recording, in milliseconds since 1970. */
  readonly now: () => number
  /** Runs `work` in a transaction: all of it is on the disk, or nothing. */
  readonly write: <T>(work: () => T) => T
  /** Runs `work` on one snapshot. */
  readonly read: <T>(work: () => T) => T
  /** Lets go of the file. Again: does nothing. */
  close(): void
}

export interface OutboxOptions extends StoreOptions {
  /**
   * What keys of tasks are derived from: 16 bytes or more, the same for ever. With it an outbox that was lost, or restored
   * from a backup, finds the tasks that were sent since, with their answers, when their predictions are picked again. Default:
   * keys are random, and such predictions are sent a second time.
   */
  readonly secret?: Secret
}

/**
 * Opens or makes an outbox, a SQLite file. One process at a time writes it; others may read.
 * @throws GroundtraceError `outbox-busy` while another process writes it, `outbox-unavailable` when it can't be opened,
 * `outbox-incompatible` when it is no outbox or one of a newer version, `invalid-argument` for a path that is none
 */
export function openOutbox(options: OutboxOptions): Outbox {
  const { path, now, secret }: Partial<OutboxOptions> = options ?? {}
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new GroundtraceError(
      'invalid-argument',
      `The path of the outbox is ${quote(path)}`,
      'Pass the path of a file',
    )
  }
  if (now !== undefined && typeof now !== 'function') {
    throw new GroundtraceError('invalid-argument', `now ${quote(now)} is no clock`, 'Pass a function like Date.now')
  }
  const keys = unitKeys(secret)
  const store = openStore(options)
  return {
    units: openUnits(store, keys),
    answers: openAnswerLedger(store),
    projects: openProjects(store),
    positions: openPositions(store),
    rounds: openRounds(store),
    gaps: openGaps(store),
    feedback: openFeedbackQueue(store),
    truths: openTruthLedger(store),
    servings: openServingLedger(store),
    path: store.path,
    now: store.now,
    write: (work) => store.write(work),
    read: (work) => store.read(work),
    close: () => store.close(),
  }
}

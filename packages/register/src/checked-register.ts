import { setImmediate } from 'node:timers/promises'
import {
  GroundtraceError,
  quote,
  trackingId,
  type Count,
  type Feedback,
  type JoinedFeedback,
  type Ledger,
  type LedgerLines,
  type LineageLine,
  type Outcome,
  type Page,
  type Prediction,
  type Receipt,
  type Register,
  type Task,
  type Totals,
  type TrackingId,
  type VersionRecord,
  type WaitingPage,
} from '@groundtrace/core'
import { finite, ids, invalidArgument, ledgerName, list, pseudonym, text, wholeNumber } from './arguments.ts'
import { checkedLoss, type Loss } from './loss.ts'

/** At once or later. */
export type Answer<T> = T | Promise<T>

/** What a step of erasing did. */
export interface Erased {
  /** Payload rows that went. */
  readonly payloads: number
  /** Nothing is left. */
  readonly done: boolean
}

/** Where a step of pruning goes on: after a prediction of a task, in order of time. */
export interface PruneMark {
  readonly task: number
  readonly time: number
  readonly position: number
}

export interface Pruning {
  readonly before: number
  /** Default: every task. */
  readonly task: string | undefined
  /** Predictions at most. */
  readonly limit: number
  /** Undefined: from the beginning. */
  readonly after: PruneMark | undefined
}

export interface Pruned {
  readonly predictions: number
  /** Where to go on; undefined: nothing is left. */
  readonly next: PruneMark | undefined
}

/** What a store does for the port, with arguments that were checked. What it throws, the port rejects with. */
export interface Driver {
  /** The store, for messages; nothing secret. */
  readonly name: string
  readonly capabilities: Register['capabilities']
  appendPredictions(predictions: readonly Prediction[]): Answer<readonly Receipt[]>
  appendFeedback(feedback: readonly Feedback[]): Answer<readonly Receipt[]>
  appendLineage(lines: readonly LineageLine[]): Answer<readonly Receipt[]>
  /** Closes some of what is due, `limit` at most, in one transaction. @returns how many; 0: none is left */
  closeDue(now: number, limit: number): Answer<number>
  /** Drops some of what has waited for too long, in one transaction. @returns how many; 0: none is left */
  expire(): Answer<number>
  prediction(id: TrackingId): Answer<Prediction | undefined>
  feedbackOn(prediction: TrackingId): Answer<readonly JoinedFeedback[]>
  feedback(id: TrackingId): Answer<JoinedFeedback | undefined>
  waiting(after: number, limit: number, prediction: TrackingId | undefined): Answer<WaitingPage>
  outcomesOf(prediction: TrackingId): Answer<readonly Outcome[]>
  predictionsOfTrace(traceId: string): Answer<readonly TrackingId[]>
  predictionsInside(prediction: TrackingId): Answer<readonly Prediction[]>
  lineageOf(prediction: TrackingId): Answer<readonly LineageLine[]>
  dataSet(dataSet: string): Answer<(LineageLine & { kind: 'data-set-made' }) | undefined>
  versions(): Answer<readonly VersionRecord[]>
  /** By name. */
  tasks(): Answer<readonly Task[]>
  read<L extends Ledger>(ledger: L, after: number, limit: number): Answer<Page<L>>
  advance<L extends Ledger>(
    cursor: string,
    ledger: L,
    count: (lines: readonly LedgerLines[L][]) => readonly Count[],
    limit: number,
  ): Answer<number>
  counts(under: string): Answer<readonly Count[]>
  totals(): Answer<Totals>
  recordLoss(loss: Loss): Answer<void>
  erase(predictions: readonly TrackingId[]): Answer<number>
  /** Erases some of a person, in one transaction. */
  eraseUser(user: string): Answer<Erased>
  setConsent(user: string, consent: 'given' | 'withdrawn'): Answer<void>
  /** Looks at some of what may be pruned, and prunes what may, in one transaction. */
  prune(pruning: Pruning): Answer<Pruned>
  /** Drops orphans that came before a time, some of them, in one transaction. @returns how many; 0: none is left */
  dropWaiting(before: number): Answer<number>
  close(): Answer<void>
}

const DEFAULT_LIMIT = 1000
/** Lines that one page has at most, whatever is asked for. */
const MAX_LIMIT = 10_000

const TRACE_ID = /^[0-9a-f]{32}$/

const limited = (limit: number): number => Math.min(wholeNumber(limit, 'limit', 1), MAX_LIMIT)

function checkedTraceId(traceId: string): string {
  if (typeof traceId === 'string' && TRACE_ID.test(traceId)) return traceId
  throw invalidArgument(`${quote(traceId)} is no trace ID`, 'Pass 32 lower-case hex digits')
}

/** Step by step until nothing is left or `most` are done. Others may call between two steps. */
async function inSteps(most: number, step: (left: number) => Answer<number>): Promise<number> {
  let total = 0
  while (total < most) {
    const taken = await step(most - total)
    if (taken === 0) break
    total += taken
    await setImmediate()
  }
  return total
}

async function pruneAll(open: () => Driver, pruning: Omit<Pruning, 'after'>): Promise<number> {
  let after: PruneMark | undefined
  for (let total = 0; ;) {
    const { predictions, next } = await open().prune({ ...pruning, limit: pruning.limit - total, after })
    total += predictions
    after = next
    if (next === undefined || total >= pruning.limit) return total
    await setImmediate()
  }
}

async function erasePerson(open: () => Driver, user: string): Promise<number> {
  for (let total = 0; ;) {
    const { payloads, done } = await open().eraseUser(user)
    total += payloads
    if (done) return total
    await setImmediate()
  }
}

/** The port over a driver: checks what it is called with, and that it is open. */
export function checkedRegister(driver: Driver): Register {
  let closed: Promise<void> | undefined
  function open(): Driver {
    if (closed === undefined) return driver
    throw new GroundtraceError('register-closed', `The register ${driver.name} is closed`, 'Open it again')
  }

  return {
    capabilities: driver.capabilities,

    async appendPredictions(lines) {
      return open().appendPredictions(list(lines, 'predictions'))
    },
    async appendFeedback(lines) {
      return open().appendFeedback(list(lines, 'feedback'))
    },
    async appendLineage(lines) {
      return open().appendLineage(list(lines, 'lines'))
    },
    async closeHorizons(due) {
      const { now, limit } = due ?? {}
      const until = finite(now, 'now', 'milliseconds since 1970')
      const most = limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber(limit, 'limit', 1)
      const total = await inSteps(most, (left) => open().closeDue(until, left))
      await inSteps(Number.POSITIVE_INFINITY, () => open().expire())
      return total
    },

    async prediction(id) {
      return open().prediction(trackingId(id))
    },
    async feedbackOn(id) {
      return open().feedbackOn(trackingId(id))
    },
    async feedback(id) {
      return open().feedback(trackingId(id))
    },
    async waiting(page) {
      const { after, prediction, limit = DEFAULT_LIMIT } = page ?? {}
      const about = prediction === undefined ? undefined : trackingId(prediction)
      return open().waiting(wholeNumber(after, 'after', 0), limited(limit), about)
    },
    async outcomesOf(id) {
      return open().outcomesOf(trackingId(id))
    },
    async predictionsOfTrace(traceId) {
      return open().predictionsOfTrace(checkedTraceId(traceId))
    },
    async predictionsInside(id) {
      return open().predictionsInside(trackingId(id))
    },

    async lineageOf(id) {
      return open().lineageOf(trackingId(id))
    },
    async dataSet(dataSet) {
      return open().dataSet(text(dataSet, 'dataSet'))
    },
    async versions() {
      return open().versions()
    },
    async tasks() {
      return open().tasks()
    },

    async read(ledger, page) {
      const { after, limit = DEFAULT_LIMIT } = page ?? {}
      return open().read(ledgerName(ledger), wholeNumber(after, 'after', 0), limited(limit))
    },
    async advance(cursor, ledger, count, limit = DEFAULT_LIMIT) {
      if (typeof count !== 'function') throw invalidArgument('count is no function', 'Pass what to count of the lines')
      return open().advance(text(cursor, 'cursor'), ledgerName(ledger), count, limited(limit))
    },
    async counts(under = '') {
      if (typeof under !== 'string') throw invalidArgument(`under ${quote(under)} is no text`, 'Pass how names begin')
      return open().counts(under)
    },
    async totals() {
      return open().totals()
    },
    async recordLoss(loss) {
      return open().recordLoss(checkedLoss(loss))
    },
    async erase(predictions) {
      return open().erase(ids(predictions, 'predictions'))
    },
    async eraseUser(user) {
      return await erasePerson(open, pseudonym(user))
    },
    async withdrawConsent(user) {
      const name = pseudonym(user)
      // First of all: what comes while the rest is erased is not kept any more.
      await open().setConsent(name, 'withdrawn')
      return await erasePerson(open, name)
    },
    async renewConsent(user) {
      return open().setConsent(pseudonym(user), 'given')
    },

    async prune(pruning) {
      const { before, task, limit } = pruning ?? {}
      const until = finite(before, 'before', 'milliseconds since 1970')
      const total = await pruneAll(open, {
        before: until,
        task: task === undefined ? undefined : text(task, 'task'),
        limit: limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber(limit, 'limit', 1),
      })
      if (task === undefined) await inSteps(Number.POSITIVE_INFINITY, () => open().dropWaiting(until))
      return total
    },

    close() {
      closed ??= (async () => await driver.close())()
      return closed
    },
  }
}

import { GroundtraceError, type JoinedFeedback, type Task } from '@groundtrace/core'
import type { PenRow } from '../decide/books.ts'
import { draftsOf, joining } from '../decide/join.ts'
import { placing } from '../decide/place.ts'
import { settling } from '../decide/settle.ts'
import { decodeFeedback, isErased, type FeedbackRow } from '../feedback-row.ts'
import { consentTable } from './consent.ts'
import { cursorTable } from './cursors.ts'
import { erasing } from './erase.ts'
import { droppingWaiting } from './expire.ts'
import { feedbackLedger, marksOf, statusOf, type StandingRow } from './feedback-ledger.ts'
import { horizonsOf } from './horizons.ts'
import { predictionKeys } from './keys/prediction-keys.ts'
import { lineageTable } from './lineage.ts'
import { openBlocks } from './open-blocks.ts'
import { outcomeTable } from './outcomes.ts'
import { feedbackPen } from './pen.ts'
import { positionsOf } from './positions.ts'
import { predictionTable } from './predictions.ts'
import { pruning } from './prune.ts'
import type { Judgement } from '../receipt.ts'
import type { PredictionLines } from './prediction-lines.ts'
import type { StoreDriver } from './store-driver.ts'
import { retentionTable } from './retention.ts'
import { unlessStoreFailed } from './store-error.ts'
import type { Store } from './store.ts'
import { tail } from './tail.ts'
import { tallyTable } from './tallies.ts'
import { taskTable } from './tasks.ts'
import { versionTable } from './versions.ts'

export interface DriverSettings {
  /** Tasks to declare, where the store can be written. */
  readonly declared: readonly Task[]
  readonly survivesPowerLoss: boolean
  /** How long feedback may wait for its prediction. */
  readonly orphanSeconds: number
}

/** A store in this thread: a method is a transaction, and its arguments and answers are plain data. */
export type SqliteDriver = StoreDriver & {
  appendLines(lines: PredictionLines): readonly Judgement[]
}

const isErasedLine = (row: FeedbackRow | undefined): boolean => row !== undefined && isErased(row)

const waiting = (row: PenRow): JoinedFeedback => ({
  feedback: decodeFeedback(row),
  status: 'orphaned',
  ...marksOf(row),
})

/** The ledgers over an open store. @throws GroundtraceError `invalid-task` */
export function sqliteDriver(
  store: Store,
  { declared, survivesPowerLoss, orphanSeconds }: DriverSettings,
): SqliteDriver {
  const tasks = taskTable(store)
  const versions = versionTable(store)
  const tallies = tallyTable(store)
  const consent = consentTable(store)
  const retention = retentionTable(store)
  const positions = positionsOf(store)
  const erasures = (): number => tallies.value('payloads.erased')
  const keys = predictionKeys(store, erasures)
  const blocks = openBlocks(store)
  const predictions = predictionTable(store, { keys, blocks, tasks, versions, tallies, consent, retention, positions })
  const ledger = feedbackLedger(store, positions)
  const pen = feedbackPen(store, tallies)
  const outcomes = outcomeTable(store, positions)
  const settle = settling({ ledger, outcomes, tallies, unlessStoreFailed })
  store.onStale(settle.forget)
  store.beforeCommit(settle.forget)
  const place = placing(predictions, ledger, pen)
  const join = joining({ ledger, pen, place, settling: settle, tallies, consent, unlessStoreFailed })
  const horizons = horizonsOf(store, { blocks, predictions, settling: settle })
  const dropWaiting = droppingWaiting(store, { pen, ledger, tallies })
  const lineage = lineageTable(store, versions, ({ prediction, feedback }) => {
    if (erasures() + tallies.value('payloads.withheld') === 0) return false
    return predictions.isErased(prediction) || feedback.some((id) => isErasedLine(ledger.row(id) ?? pen.row(id)))
  })
  const readPage = tail(store, { predictions, lineage, tallies })
  const cursors = cursorTable(store, readPage)
  const prune = pruning(store, { tasks, keys, lineage, tallies, retention, positions })
  const erase = erasing(store, { keys, position: (id) => predictions.position(id), lineage, tallies })

  if (declared.length > 0) {
    store.write(() => {
      for (const task of declared) tasks.declare(task)
    })
  }

  const joined = (row: StandingRow): JoinedFeedback => ({
    feedback: decodeFeedback(row),
    status: statusOf(row),
    prediction: predictions.subjectAt(row.prediction).prediction,
    ...marksOf(row),
  })

  /** The write-ahead log still holds what was erased, until it is emptied. */
  function expectForgotten(what: string): void {
    const hindrance = store.checkpoint()
    if (hindrance === undefined) return
    throw new GroundtraceError(
      'register-unavailable',
      `${what}, but the write-ahead log of ${store.path} still holds them (${hindrance})`,
      'Call it again in the same way when that has passed',
    )
  }

  return {
    name: store.path,
    capabilities: { sharedWriters: false, survivesPowerLoss },

    appendLines: (lines) =>
      store.write(() => {
        const last = pen.empty() ? undefined : predictions.last()
        const judgements = predictions.append(lines)
        if (last !== undefined) join.callIn(last)
        return judgements
      }),
    appendFeedback: (lines) => store.write(() => join.append(draftsOf(lines, store.now()))),
    appendLineage: (lines) => store.write(() => lineage.append(lines)),
    closeDue: (now, limit) => horizons.close(now, limit),
    expire: () => dropWaiting(store.now() - orphanSeconds * 1000) + store.write(() => cursors.expire(store.now())),
    dropWaiting,

    prediction: (id) => store.read(() => predictions.find(id)),
    feedbackOn: (id) =>
      store.read(() => {
        const position = predictions.position(id)
        return position === undefined ? [] : ledger.rowsOn(position).map(joined)
      }),
    feedback: (id) =>
      store.read(() => {
        const row = ledger.row(id)
        if (row !== undefined) return joined(row)
        const penned = pen.row(id)
        return penned === undefined ? undefined : waiting(penned)
      }),
    waiting: (after, limit, prediction) =>
      store.read(() => {
        const rows = pen.after(after, limit, prediction)
        return { lines: rows.map(waiting), position: rows.at(-1)?.sequence ?? after }
      }),
    outcomesOf: (id) =>
      store.read(() => {
        const position = predictions.position(id)
        return position === undefined ? [] : outcomes.of(id, position)
      }),
    predictionsOfTrace: (traceId) => store.read(() => predictions.ofTrace(traceId)),
    predictionsInside: (id) => store.read(() => predictions.inside(id)),

    lineageOf: (id) => store.read(() => lineage.of(id)),
    dataSet: (dataSet) => store.read(() => lineage.dataSet(dataSet)),
    versions: () => store.read(() => versions.records()),
    tasks: () => store.read(() => tasks.all()),

    read: (name, after, limit) => store.read(() => readPage(name, after, limit)),
    cursorPage(cursor, name, limit) {
      store.expectWritable()
      return store.read(() => cursors.page(cursor, name, limit))
    },
    moveCursor: (move) => store.write(() => cursors.move(move)),
    counts: (under) => store.read(() => cursors.counts(under)),
    totals: () =>
      store.read(() => {
        const nextHorizon = horizons.next()
        return nextHorizon === undefined ? tallies.totals() : { ...tallies.totals(), nextHorizon }
      }),
    recordLoss: (loss) => store.write(() => tallies.recordLoss(loss)),

    erase(given) {
      const erased = store.write(() => erase.predictions(given))
      expectForgotten(`${erased} payloads are erased`)
      return erased
    },
    eraseUser(user) {
      const erased = store.write(() => erase.user(user))
      if (erased.done) expectForgotten('All payloads of this person are erased')
      return erased
    },
    setConsent: (user, given) => store.write(() => consent.set(user, given)),
    prune,

    close: () => store.close(),
  }
}

import { setImmediate } from 'node:timers/promises'
import { GroundtraceError, quote, trackingId, type JoinedFeedback, type Register, type Task } from '@groundtrace/core'
import { finite, ids, invalidArgument, ledgerName, list, text, wholeNumber } from '../arguments.ts'
import { checkedLoss } from '../loss.ts'
import { cursorTable } from './cursors.ts'
import { erasing } from './erase.ts'
import { expiring } from './expire.ts'
import { feedbackLedger, statusOf, type LedgerRow } from './feedback-ledger.ts'
import { decodeFeedback } from './feedback-row.ts'
import { horizonsOf } from './horizons.ts'
import { joining } from './join.ts'
import { lineageTable } from './lineage.ts'
import { outcomeTable } from './outcomes.ts'
import { feedbackPen } from './pen.ts'
import { placing } from './place.ts'
import { predictionTable } from './predictions.ts'
import { settling } from './settle.ts'
import type { Store } from './store.ts'
import { tail } from './tail.ts'
import { tallyTable } from './tallies.ts'
import { taskTable } from './tasks.ts'
import { versionTable } from './versions.ts'

const DEFAULT_LIMIT = 1000
/** Lines that one page has at most, whatever is asked for. */
const MAX_LIMIT = 10_000

const TRACE_ID = /^[0-9a-f]{32}$/

const limited = (limit: number): number => Math.min(wholeNumber(limit, 'limit', 1), MAX_LIMIT)

export interface RegisterSettings {
  /** Tasks to declare, where the store can be written. */
  readonly declared: readonly Task[]
  readonly survivesPowerLoss: boolean
  /** How long feedback may wait for its prediction. */
  readonly orphanSeconds: number
}

/** The port over an open store. @throws GroundtraceError `invalid-task` */
export function registerOver(store: Store, { declared, survivesPowerLoss, orphanSeconds }: RegisterSettings): Register {
  const tasks = taskTable(store)
  const versions = versionTable(store)
  const tallies = tallyTable(store)
  const predictions = predictionTable(store, tasks, versions, tallies)
  const ledger = feedbackLedger(store)
  const pen = feedbackPen(store, tallies)
  const outcomes = outcomeTable(store, tallies)
  const settle = settling(store, ledger, outcomes, tallies)
  const place = placing(store, predictions, ledger, pen)
  const join = joining({ ledger, pen, place, settling: settle, tallies })
  const horizons = horizonsOf(store, predictions, settle)
  const expire = expiring(store, { pen, ledger, tallies }, orphanSeconds)
  const lineage = lineageTable(store, versions)
  const readPage = tail(store, predictions, lineage)
  const cursors = cursorTable(store, readPage)
  const erase = erasing(store)

  if (declared.length > 0) {
    store.write(() => {
      for (const task of declared) tasks.declare(task)
    })
  }

  let closed = false
  function open(): Store {
    if (!closed) return store
    throw new GroundtraceError('register-closed', `The register ${store.path} is closed`, 'Open it again')
  }

  const joined = (row: LedgerRow): JoinedFeedback => ({
    feedback: decodeFeedback(row),
    status: statusOf(row),
    prediction: predictions.subjectAt(row.prediction).prediction,
  })

  return {
    capabilities: { sharedWriters: false, survivesPowerLoss },

    async appendPredictions(lines) {
      list(lines, 'predictions')
      return open().write(() => {
        const last = pen.empty() ? undefined : predictions.last()
        const receipts = predictions.append(lines)
        if (last !== undefined) join.callIn(last)
        return receipts
      })
    },
    async appendFeedback(lines) {
      list(lines, 'feedback')
      return open().write(() => join.append(lines, store.now()))
    },
    async appendLineage(lines) {
      list(lines, 'lines')
      return open().write(() => lineage.append(lines))
    },
    async closeHorizons(due) {
      const { now, limit } = due ?? {}
      const until = finite(now, 'now', 'milliseconds since 1970')
      const most = limit === undefined ? Number.POSITIVE_INFINITY : wholeNumber(limit, 'limit', 1)
      let total = 0
      while (total < most) {
        open()
        const taken = horizons.close(until, most - total)
        if (taken === 0) break
        total += taken
        // Others may call between two steps.
        await setImmediate()
      }
      while (open() && expire() > 0) await setImmediate()
      return total
    },

    async prediction(id) {
      return open().read(() => predictions.find(trackingId(id)))
    },
    async feedbackOn(id) {
      return open().read(() => ledger.rowsOn(trackingId(id)).map(joined))
    },
    async feedback(id) {
      return open().read(() => {
        const row = ledger.row(trackingId(id))
        if (row !== undefined) return joined(row)
        const waiting = pen.row(id)
        return waiting === undefined ? undefined : { feedback: decodeFeedback(waiting), status: 'orphaned' as const }
      })
    },
    async outcomesOf(id) {
      return open().read(() => outcomes.of(trackingId(id)))
    },
    async predictionsOfTrace(traceId) {
      if (typeof traceId !== 'string' || !TRACE_ID.test(traceId)) {
        throw invalidArgument(`${quote(traceId)} is no trace ID`, 'Pass 32 lower-case hex digits')
      }
      return open().read(() => predictions.ofTrace(traceId))
    },

    async lineageOf(id) {
      return open().read(() => lineage.of(trackingId(id)))
    },
    async dataSet(dataSet) {
      return open().read(() => lineage.dataSet(text(dataSet, 'dataSet')))
    },
    async versions() {
      return open().read(() => versions.records())
    },

    async read(name, page) {
      const { after, limit = DEFAULT_LIMIT } = page ?? {}
      return open().read(() => readPage(ledgerName(name), wholeNumber(after, 'after', 0), limited(limit)))
    },
    async advance(cursor, name, count, limit = DEFAULT_LIMIT) {
      return open().write(() => cursors.advance(text(cursor, 'cursor'), ledgerName(name), count, limited(limit)))
    },
    async counts() {
      return open().read(() => cursors.counts())
    },
    async totals() {
      return open().read(() => {
        const nextHorizon = horizons.next()
        return nextHorizon === undefined ? tallies.totals() : { ...tallies.totals(), nextHorizon }
      })
    },
    async recordLoss(loss) {
      const entries = checkedLoss(loss)
      open().write(() => tallies.recordLoss(entries))
    },

    async erase(given) {
      const erased = open().write(() => erase(ids(given, 'predictions')))
      // The write-ahead log still holds what was erased.
      if (!store.checkpoint()) {
        throw new GroundtraceError(
          'register-unavailable',
          `${erased} payloads are erased, but the write-ahead log of ${store.path} still holds them while another process reads`,
          'Call erase again with the same IDs when that has finished',
        )
      }
      return erased
    },

    async close() {
      if (closed) return
      closed = true
      store.close()
    },
  }
}

import { checkedPrediction, defineTask, type Prediction, type Receipt, type TrackingId } from '@groundtrace/core'
import type { Tally } from '../decide/books.ts'
import { expectValue } from '../decide/task-rules.ts'
import { noRoomForVersion } from '../decide/version-rules.ts'
import { decodeFeedback } from '../feedback-row.ts'
import { isEmptyPayload, NO_PAYLOAD, samePrediction } from '../prediction-row.ts'
import { readOnce } from '../read-once.ts'
import { prunedReason } from '../retention.ts'
import { claimedId, conflictReason, receipt, refusal, unread } from '../receipt.ts'
import { usersOf, type ConsentTable } from './consent.ts'
import type { Connection, Database, Statement } from './database.ts'
import { beginning, taskNews, type InTransaction } from './decisions.ts'
import { Needs } from './needs.ts'
import type { EnsurePartition } from './partitions.ts'
import { decodeWhole, selectWhole, type WholeRow } from './rows.ts'
import type { Tasks } from './tasks.ts'
import { versionTally, type Versions } from './versions.ts'
import type { Changes } from './working-set.ts'
import { draftPrediction, writing, type PredictionDraft } from './write.ts'

/** Appends predictions; one receipt a line, in order. */
export type AppendPredictions = (predictions: readonly Prediction[]) => Promise<readonly Receipt[]>

interface Parts {
  readonly tasks: Tasks
  readonly consent: ConsentTable
  readonly versions: Versions
  readonly inTransaction: InTransaction
  readonly ensurePartition: EnsurePartition
}

/** What was found in the store about the lines of one call. */
interface Found {
  readonly kept: ReadonlyMap<TrackingId, WholeRow>
  /** Feedback that waits for them by tracking ID or business key, by ID. */
  readonly called: readonly CalledRow[]
  /** Users of whom nothing may be kept. */
  readonly withdrawn: ReadonlySet<string>
}

interface CalledRow {
  readonly id: TrackingId
  readonly line_json: string
}

const NO_CHANGES: Changes = {
  entries: [],
  holds: new Map(),
  outcomes: [],
  closed: [],
  tallies: new Map(),
  loss: new Map(),
}

/** Orphans are waiting: they join in the transaction that brings their predictions, under more locks. */
class Awaited extends Error {
  readonly called: readonly CalledRow[]
  constructor(called: readonly CalledRow[]) {
    super('Feedback waits for these predictions')
    this.called = called
  }
}

const isWithheld = ({ hasPayload, payload }: PredictionDraft): boolean => hasPayload && isEmptyPayload(payload)

function counted(drafts: readonly PredictionDraft[]): Map<string, number> {
  const withheld: Tally = 'payloads.withheld'
  const tallies = new Map<string, number>([[withheld, drafts.filter(isWithheld).length]])
  for (const { prediction, version } of drafts) {
    const tally: Tally = prediction.whole === undefined ? 'predictions' : 'members'
    for (const name of [tally, versionTally(version)]) {
      tallies.set(name, (tallies.get(name) ?? 0) + 1)
    }
  }
  return tallies
}

function withTallies(changes: Changes, tallies: ReadonlyMap<string, number>): Changes {
  const all = new Map(changes.tallies)
  for (const [name, amount] of tallies) all.set(name, (all.get(name) ?? 0) + amount)
  return { ...changes, tallies: all }
}

export function appendingPredictions(
  database: Database,
  { tasks, versions, consent, inTransaction, ensurePartition }: Parts,
): AppendPredictions {
  const { schema: s } = database
  const write = writing(database)
  const selectKept: Statement = {
    name: 'predictions-kept',
    sql: `${selectWhole(s)} WHERE p.id = ANY($1::text[])`,
  }
  const selectCalled: Statement = {
    name: 'pen-called',
    sql: `SELECT f.id, f.line_json FROM ${s}.feedback f WHERE f.position IS NULL AND f.waits_for = ANY($1::text[])
      UNION
      SELECT f.id, f.line_json FROM unnest($2::text[], $3::text[], $4::float8[]) AS p (entity, task, time)
      JOIN ${s}.feedback f ON f.position IS NULL AND f.entity = p.entity AND f.task = p.task AND f.time >= p.time`,
  }

  /** A task that is new is to be one. @throws GroundtraceError `invalid-task` */
  function describing(prediction: Prediction): Prediction {
    if (tasks.named(prediction.task.name) === undefined) defineTask(prediction.task)
    return prediction
  }

  /** Checks line by line, and makes tasks and versions known. */
  async function drafted(given: readonly Prediction[], now: number): Promise<readonly (PredictionDraft | Receipt)[]> {
    const checked = given.map((line): Prediction | Receipt => {
      try {
        return describing(checkedPrediction(readOnce(line), now))
      } catch (error) {
        return unread(line, error)
      }
    })
    const predictions = checked.filter((line): line is Prediction => !('status' in line))
    const described = new Map(predictions.map(({ task }) => [task.name, task] as const).reverse())
    const unknown = [...described.values()].filter(({ name }) => tasks.named(name) === undefined)
    if (unknown.length > 0) await tasks.keep(unknown)
    const rowOf = await versions.rowsOfBrought(predictions.map(({ model }) => model))
    return checked.map((line) => {
      if ('status' in line) return line
      return refusing(line, () => {
        const reading = tasks.reading(line.task)
        expectValue(reading, line.value)
        const version = rowOf(line.model)
        if (version === undefined) throw noRoomForVersion(line.model)
        return draftPrediction(line, reading.known.id, version)
      })
    })
  }

  async function find(connection: Connection, drafts: readonly PredictionDraft[]): Promise<Found> {
    const ids = drafts.map(({ row }) => row.id)
    const kept = await connection.rows<WholeRow>(selectKept, [ids])
    // Another replica may have kept one of a task that is new.
    if (kept.length > 0) await tasks.refresh(connection)
    const keyed = drafts.filter(({ row }) => row.entity !== null && row.whole === null)
    const called = await connection.rows<CalledRow>(selectCalled, [
      ids,
      keyed.map(({ row }) => row.entity),
      keyed.map(({ prediction }) => prediction.task.name),
      keyed.map(({ row }) => row.time),
    ])
    const withdrawn = await consent.withdrawnAmong(connection, usersOf(drafts.map(({ prediction }) => prediction)))
    return { kept: new Map(kept.map((row) => [row.id, row])), called, withdrawn }
  }

  /** Line by line, against what is kept and against the lines before. */
  function decide(
    lines: readonly (PredictionDraft | Receipt)[],
    { kept, withdrawn }: Pick<Found, 'kept' | 'withdrawn'>,
  ) {
    const fresh = new Map<TrackingId, PredictionDraft>()
    const receipts = lines.map((line) => {
      if ('status' in line) return line
      const { prediction } = line
      const row = kept.get(prediction.id)
      const earlier = fresh.get(prediction.id)
      if (row === undefined && earlier === undefined) {
        const kept = tasks.prunedBefore(line.task)
        if (prediction.time < kept) {
          return receipt(prediction.id, 'rejected', prunedReason(prediction.task.name, kept))
        }
        const withheld = prediction.user !== undefined && withdrawn.has(prediction.user)
        const draft = withheld ? { ...line, payload: NO_PAYLOAD } : line
        fresh.set(prediction.id, draft)
        return receipt(prediction.id, 'stored')
      }
      return refusing(prediction, () => {
        const same =
          row === undefined
            ? samePrediction(
                (earlier as PredictionDraft).prediction,
                prediction,
                isWithheld(earlier as PredictionDraft),
              )
            : samePrediction(decodeWhole(row, tasks), prediction, row.has_payload && isEmptyPayload(row))
        if (same) return receipt(prediction.id, 'duplicate')
        return receipt(prediction.id, 'conflict', conflictReason('prediction'))
      })
    })
    return { receipts, drafts: [...fresh.values()] }
  }

  /** Nobody waits for them: any number of such transactions run side by side. */
  async function appendUnawaited(
    lines: readonly (PredictionDraft | Receipt)[],
    recorded: number,
  ): Promise<readonly Receipt[]> {
    const drafts = lines.filter((line): line is PredictionDraft => !('status' in line))
    const begin = beginning(database, tasks, needsOf(drafts), '_shared')
    return await database.write(async (connection, begun) => {
      tasks.absorb(taskNews(begun))
      const found = await find(connection, drafts)
      if (found.called.length > 0) throw new Awaited(found.called)
      const { receipts, drafts: fresh } = decide(lines, found)
      if (fresh.length > 0) {
        await write(connection, { recorded, predictions: fresh, changes: withTallies(NO_CHANGES, counted(fresh)) })
      }
      return receipts
    }, begin)
  }

  /** With what waits for them. */
  async function appendAwaited(
    lines: readonly (PredictionDraft | Receipt)[],
    recorded: number,
    called: readonly CalledRow[],
  ): Promise<readonly Receipt[]> {
    const drafts = lines.filter((line): line is PredictionDraft => !('status' in line))
    const needs = needsOf(drafts)
    for (const row of called) {
      needs.feedback.add(row.id)
      addCalled(needs, row)
    }
    const { receipts } = await inTransaction({
      recorded,
      needs,
      find: (connection) => find(connection, drafts),
      brought: ({ called: now, ...found }) => ({
        fresh: decide(lines, found).drafts.map(({ prediction }, index) => ({ position: -1 - index, prediction })),
        called: now.map(({ id }) => id),
      }),
      decide({ join }, attempt, found) {
        attempt(() => join.callIn(0))
        return decide(lines, found)
      },
      async write(connection, changes, { drafts: fresh }) {
        await write(connection, { recorded, predictions: fresh, changes: withTallies(changes, counted(fresh)) })
      },
    })
    return receipts
  }

  return async (given) => {
    if (given.length === 0) return []
    const recorded = database.now()
    await ensurePartition(recorded)
    const lines = await drafted(given, recorded)
    try {
      return await appendUnawaited(lines, recorded)
    } catch (error) {
      if (!(error instanceof Awaited)) throw error
      return await appendAwaited(lines, recorded, error.called)
    }
  }
}

/** What protects predictions: their IDs, and that what waits for their business keys stays as it is. */
function needsOf(drafts: readonly PredictionDraft[]): Needs {
  const needs = new Needs()
  for (const { row, prediction } of drafts) {
    needs.predictions.add(row.id)
    if (row.entity !== null) needs.addKey({ entity: row.entity, task: prediction.task.name, time: row.time })
  }
  return needs
}

function addCalled(needs: Needs, row: CalledRow): void {
  try {
    needs.addFeedback(decodeFeedback({ ...row, payload: null, user_json: null, words_json: null }))
  } catch {
    // It can't be read, and will be refused.
  }
}

function refusing<T>(line: { readonly id?: unknown }, work: () => T): T | Receipt {
  try {
    return work()
  } catch (error) {
    return receipt(claimedId(line), 'rejected', refusal(error))
  }
}

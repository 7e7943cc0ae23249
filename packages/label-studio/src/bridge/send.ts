import type { Prediction, Register } from '@groundtrace/core'
import type { Outbox } from './outbox.ts'
import { callFault, type NewTask, type TaskServer } from './task-server.ts'
import type { Unit } from './unit.ts'

/**
 * What annotators see of a prediction, by the names that the label config of the project asks for; undefined when nothing
 * may be shown, or the features that it takes are not there.
 */
export type TaskData = (prediction: Prediction, project: string) => Readonly<Record<string, unknown>> | undefined

export interface SendContext {
  readonly outbox: Outbox
  readonly server: TaskServer
  readonly register: Pick<Register, 'prediction'>
  readonly taskData: TaskData
  /** Tasks of one import. Default 100: an import is one transaction of the server's, and ends within a second. */
  readonly batch?: number
  /**
   * How long an import whose answer did not come is left alone before its tasks are looked for, in seconds: a server that
   * was only slow may still be at it. Default 60.
   */
  readonly quietSeconds?: number
}

/** What became of units that were to be sent. */
export interface Sent {
  /** Tasks that the server made. */
  readonly sent: number
  /** Tasks that it had made already, although its answer had not come. */
  readonly found: number
  /** Units that are never sent. */
  readonly dropped: number
  /** Units whose import is not settled: they wait. */
  readonly waiting: number
}

const DEFAULT_BATCH = 100
const DEFAULT_QUIET_SECONDS = 60

interface Counts {
  sent: number
  found: number
  dropped: number
  waiting: number
}

/** One call of {@link sendUnits}. */
interface Sending extends SendContext {
  readonly project: number
  readonly counts: Counts
  /** Units that the server refused when each was sent alone. */
  readonly refused: Set<number>
}

/**
 * Imports the planned units of a project. The server would make the same tasks twice: so what may have been sent is looked
 * for before it is sent again, and not before the server has had time to end what it had begun. A unit that the server
 * refuses, while it takes others, is dropped; when it takes none, something else is wrong, and they wait.
 * Rejects when the server fails or refuses all; what was on its way then is looked for by the next call.
 */
export async function sendUnits(context: SendContext, name: string): Promise<Sent> {
  const { outbox, batch = DEFAULT_BATCH } = context
  const counts: Counts = { sent: 0, found: 0, dropped: 0, waiting: 0 }
  const project = outbox.projects.state(name)?.server ?? 0
  const sending: Sending = { ...context, project, counts, refused: new Set() }
  await lookBeforeRetry(sending, name)
  let refusal: unknown
  for (;;) {
    const fresh = outbox.units.fresh(name, batch + sending.refused.size)
    const units = fresh.filter(({ id }) => !sending.refused.has(id))
    if (units.length === 0) break
    refusal = (await importUnits(sending, await withData(sending, units))) ?? refusal
  }
  const refused = outbox.units.fresh(name, sending.refused.size).filter(({ id }) => sending.refused.has(id))
  if (refused.length > 0 && counts.sent === 0) throw refusal
  outbox.write(() => refused.forEach((unit) => outbox.units.dropped(unit, 'refused')))
  counts.dropped += refused.length
  return counts
}

async function lookBeforeRetry(sending: Sending, name: string): Promise<void> {
  const { outbox, server, project, counts, batch = DEFAULT_BATCH, quietSeconds = DEFAULT_QUIET_SECONDS } = sending
  const isQuiet = ({ attempted = 0 }: Unit): boolean => {
    const elapsed = outbox.now() - attempted
    // A clock that went back does not make anybody wait for ever.
    return elapsed < 0 || elapsed >= quietSeconds * 1000
  }
  for (;;) {
    const uncertain = outbox.units.uncertain(name, Number.MAX_SAFE_INTEGER)
    const units = uncertain.filter(isQuiet).slice(0, batch)
    counts.waiting = uncertain.length - units.length
    if (units.length === 0) return
    const keys = units.map(({ key }) => key)
    const found = await server.tasksByKey(project, keys)
    const taskOf = new Map(found.toReversed().map(({ key, task }) => [key, task]))
    outbox.write(() => {
      outbox.units.unsent(units.filter(({ key }) => !taskOf.has(key)))
      for (const unit of units) {
        const task = taskOf.get(unit.key)
        if (task === undefined) continue
        outbox.units.sent(unit, { project, task })
        counts.found += 1
      }
    })
  }
}

interface Parcel {
  readonly unit: Unit
  readonly task: NewTask
}

/** The units with what is shown of them. Units of which nothing can be shown are dropped. */
async function withData(sending: Sending, units: readonly Unit[]): Promise<readonly Parcel[]> {
  const { outbox, register, taskData, counts } = sending
  const parcels: Parcel[] = []
  for (const unit of units) {
    const prediction = await register.prediction(unit.prediction)
    const data = prediction === undefined ? undefined : taskData(prediction, unit.project)
    if (data !== undefined) {
      parcels.push({ unit, task: { key: unit.key, data } })
      continue
    }
    outbox.write(() => outbox.units.dropped(unit, prediction?.features === undefined ? 'payload-gone' : 'unsuitable'))
    counts.dropped += 1
  }
  return parcels
}

/** @returns why the server refused some of them, if it did: each of those was tried alone, so that it holds up no other */
async function importUnits(sending: Sending, parcels: readonly Parcel[]): Promise<unknown> {
  const { outbox, server, project, counts, refused } = sending
  if (parcels.length === 0) return undefined
  const units = parcels.map(({ unit }) => unit)
  const tasks = parcels.map(({ task }) => task)
  outbox.write(() => outbox.units.attempted(units, outbox.now()))
  try {
    const ids = await server.importTasks(project, tasks)
    outbox.write(() => {
      for (const [index, unit] of units.entries()) {
        const task = ids[index]
        if (task !== undefined) outbox.units.sent(unit, { project, task })
      }
    })
    counts.sent += ids.length
  } catch (error) {
    const fault = callFault(error)
    if (fault !== undefined) outbox.write(() => outbox.units.unsent(units))
    if (fault !== 'refused') throw error
    if (parcels.length > 1) {
      const half = parcels.length >> 1
      const first = await importUnits(sending, parcels.slice(0, half))
      return (await importUnits(sending, parcels.slice(half))) ?? first
    }
    for (const { id } of units) refused.add(id)
    return error
  }
  await readBack(sending, units)
  return undefined
}

/** Reads what was made at once: of a task that has been read it can be told later what became of it. */
async function readBack({ outbox, server, project }: Sending, units: readonly Unit[]): Promise<void> {
  const readings = await server.tasksByKey(
    project,
    units.map(({ key }) => key),
  )
  outbox.write(() => {
    for (const reading of readings) {
      const unit = outbox.units.byKey(reading.key)
      if (unit?.state === 'sent') outbox.units.seen(unit, { ...reading, project, tasks: 1 })
    }
  })
}

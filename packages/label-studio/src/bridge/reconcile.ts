import type { LedgerAnswer } from './answer-ledger.ts'
import { compareAnswers, isAltered, taskStanding } from './compare-task.ts'
import type { Outbox } from './outbox.ts'
import type { SweepReason } from './projects.ts'
import type { TaskReading } from './reading.ts'
import { secondsBefore } from './server-time.ts'
import { sweepProject } from './sweep.ts'
import type { TaskServer } from './task-server.ts'

export interface ReconcileContext {
  readonly outbox: Outbox
  readonly server: TaskServer
  /** Tasks that were touched so long before the last one that was read are read again. Default 120 seconds. */
  readonly overlapSeconds?: number
  /** All of a project is read so often. Default once a day. */
  readonly sweepSeconds?: number
}

/** What a look at a project brought. */
export interface Reconciled {
  /** Tasks that were read. */
  readonly tasks: number
  /** Lines that the ledger of answers grew by. */
  readonly changes: number
  /** All of the project was read. */
  readonly swept: boolean
  /** Tasks whose answers were left, as the server can't show them: what is known of them stands. */
  readonly unread: number
  /** The same, as somebody has edited what the task shows. */
  readonly altered: number
}

const DEFAULT_OVERLAP_SECONDS = 120
const DEFAULT_SWEEP_SECONDS = 24 * 3600

/** Tasks that are looked at to see whether the server still remembers what it said last. */
const WITNESSES = 20

/** Whether the server is older than what was read from it: a task that it touched last has gone back or is gone. */
async function hasGoneBack({ outbox, server }: ReconcileContext, name: string): Promise<boolean> {
  const { server: project } = outbox.projects.state(name) ?? { server: 0 }
  const witnesses = outbox.units.newest(name, WITNESSES)
  if (witnesses.length === 0) return false
  const keys = witnesses.map(({ key }) => key)
  const byKey = Map.groupBy(await server.tasksByKey(project, keys), ({ key }) => key)
  return witnesses.some((unit) => {
    const standings = (byKey.get(unit.key) ?? []).map((reading) => taskStanding(unit, reading))
    return !standings.some((standing) => standing === 'same' || standing === 'newer')
  })
}

/**
 * Takes a task as it was read. What needs all of the project to be understood is left for a sweep.
 * @returns answers that are not on it any more
 */
function take(
  { outbox }: ReconcileContext,
  name: string,
  project: number,
  reading: TaskReading,
): readonly LedgerAnswer[] {
  const { units, answers, projects } = outbox
  const unit = units.byKey(reading.key)
  // Somebody else's, or a copy in a project that it was not sent to.
  if (unit?.project !== name) return []
  const standing = taskStanding(unit, reading)
  const leave = (why: SweepReason): readonly LedgerAnswer[] => {
    projects.askSweep(name, why)
    return []
  }
  if (standing === 'older') return leave('server-went-back')
  if (reading.unread || isAltered(unit, reading)) {
    if (standing === 'other') return leave('tasks-differ')
    units.seen(unit, { ...reading, project, tasks: unit.tasks })
    return []
  }
  const { take: readings, older, missing } = compareAnswers(answers.of(unit.id), reading.answers)
  for (const answer of readings) answers.take(unit.id, answer)
  if (standing === 'other') return leave('tasks-differ')
  if (older.length > 0) return leave('server-went-back')
  if (unit.tasks > 1 && missing.length > 0) return leave('tasks-differ')
  units.seen(unit, { ...reading, project, tasks: unit.tasks })
  return missing
}

/**
 * Brings what is known of a project up to the server: reads the tasks that were touched since, or all of them when that is
 * due. May be interrupted and called again at any time.
 * Rejects as the server does; what was read until then is kept.
 */
export async function reconcileProject(context: ReconcileContext, name: string): Promise<Reconciled> {
  const { outbox, server, overlapSeconds = DEFAULT_OVERLAP_SECONDS, sweepSeconds = DEFAULT_SWEEP_SECONDS } = context
  const { projects, answers } = outbox
  const before = answers.last()
  const isSweepDue = (): boolean => {
    const { swept, sweepFor } = projects.state(name) ?? {}
    return sweepFor !== undefined || swept === undefined || outbox.now() - swept >= sweepSeconds * 1000
  }
  let tasks = 0
  let unread = 0
  let altered = 0
  if (!isSweepDue()) {
    if (await hasGoneBack(context, name)) outbox.write(() => projects.askSweep(name, 'server-went-back'))
    else tasks += await readOn()
  }
  const swept = isSweepDue()
  if (swept) {
    const sweep = await sweepProject(context, name)
    tasks += sweep.read
    unread = sweep.unread
    altered = sweep.altered
  }
  return { tasks, changes: answers.last() - before, swept, unread, altered }

  function isAlteredIn(project: string, reading: TaskReading): boolean {
    const unit = outbox.units.byKey(reading.key)
    return unit?.project === project && isAltered(unit, reading)
  }

  async function readOn(): Promise<number> {
    const { server: project, mark } = projects.state(name) ?? { server: 0 }
    const touchedFrom = mark === undefined ? {} : { touchedFrom: secondsBefore(mark, overlapSeconds) }
    // Before the first page: what is touched while they are read is read the next time.
    const next = await server.lastTouched(project)
    let read = 0
    const missing: LedgerAnswer[] = []
    for await (const page of server.tasks(project, touchedFrom)) {
      outbox.write(() => {
        altered += page.filter((reading) => isAlteredIn(name, reading)).length
        for (const reading of page) missing.push(...take(context, name, project, reading))
      })
      read += page.length
      unread += page.filter((reading) => reading.unread).length
    }
    // Only now: a page that failed is read again, and what is missing is understood by what else was read.
    outbox.write(() => {
      for (const answer of missing) {
        if (answers.wasReissued(name, answer)) projects.askSweep(name, 'server-went-back')
        else answers.end(answer, 'deleted')
      }
      // Made, and not among what was touched since.
      if (outbox.units.unread(name)) projects.askSweep(name, 'tasks-differ')
      if (next !== undefined && next !== mark) projects.markAt(name, next)
    })
    return read
  }
}

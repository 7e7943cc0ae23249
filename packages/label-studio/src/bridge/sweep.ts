import { isOnServer, type LedgerAnswer } from './answer-ledger.ts'
import { explainLosses, type LostByRestore } from './explain-losses.ts'
import type { Outbox } from './outbox.ts'
import { sweepTally, type SweepTally } from './sweep-tally.ts'
import type { TaskServer } from './task-server.ts'
import type { Unit } from './unit.ts'

interface SweepContext {
  readonly outbox: Outbox
  readonly server: TaskServer
}

/** Keys that are asked for at once. */
const KEYS = 50

/** Units that are looked through at once. */
const UNITS = 1000

function* unitsOnServer({ units }: Outbox, name: string): Iterable<Unit> {
  for (let after = 0; ;) {
    const some = units.onServer(name, after, UNITS)
    yield* some
    const last = some.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

/** Units whose task did not turn up among all of a project. Each is asked for by its key: pages may shift while they are read. */
async function absentUnits(context: SweepContext, name: string, project: number, tally: SweepTally): Promise<void> {
  const { outbox, server } = context
  const absent = [...unitsOnServer(outbox, name)].filter(({ id }) => !tally.entries.has(id))
  for (let from = 0; from < absent.length; from += KEYS) {
    const some = absent.slice(from, from + KEYS)
    const found = await server.tasksByKey(
      project,
      some.map(({ key }) => key),
    )
    outbox.write(() => found.forEach((reading) => tally.take(reading)))
    tally.absent.push(...some.filter(({ id }) => !tally.entries.has(id)))
  }
}

/** Says of all that is gone, or older than known, what became of it. */
function conclude(
  { outbox }: SweepContext,
  name: string,
  project: number,
  tally: SweepTally,
  lost: LostByRestore,
): void {
  const { units, answers, gaps } = outbox
  const restored = { units: 0, answers: 0 }
  const deleted = { units: 0, answers: 0 }
  let doubled = 0
  for (const { unit, tasks, older, missing } of tally.entries.values()) {
    for (const answer of missing) {
      const isLost = lost(answer) || answers.wasReissued(name, answer)
      answers.end(answer, isLost ? 'kept' : 'deleted')
      if (isLost) restored.answers += 1
    }
    for (const { known, reading } of older) {
      // Older without a backup: the clock of the server was set back, and this is the latest.
      if (!lost(known)) answers.take(unit.id, reading)
      else {
        answers.end(known, 'kept')
        restored.answers += 1
      }
    }
    const task = tasks.find(({ task }) => task === unit.server?.task) ?? tasks[0]
    if (task !== undefined) units.seen(unit, { ...task, project, tasks: tasks.length })
    if (tasks.length > unit.tasks) doubled += 1
  }
  for (const unit of tally.absent) {
    const kept = answers.of(unit.id).filter(isOnServer)
    for (const answer of kept) answers.end(answer, 'kept')
    // A task that was never read back has no time of the server's: what becomes of all becomes of it.
    const isLost = lost({ updated: unit.created ?? '9', read: unit.read ?? Infinity })
    if (isLost) units.again(unit, outbox.now())
    else units.gone(unit, 'task-deleted')
    const sum = isLost ? restored : deleted
    sum.units += 1
    sum.answers += kept.length
  }
  if (restored.units + restored.answers > 0) {
    gaps.add({ project: name, kind: 'restored', ...restored, detail: RESTORED })
  }
  if (deleted.units > 0) gaps.add({ project: name, kind: 'tasks-deleted', ...deleted, detail: DELETED })
  if (doubled > 0) gaps.add({ project: name, kind: 'doubled', units: doubled, answers: 0, detail: DOUBLED })
}

const RESTORED =
  'The server is older than what was read from it. Its answers are kept here, and tasks that it lost are sent again.'
const DELETED =
  'Tasks are gone from the server: deleted, or lost with a backup that nothing else shows. Their answers are kept, and they are not sent again.'
const DOUBLED = 'Units have more than one task on the server. Answers on all of them count.'

/**
 * Reads all of a project and finds what is not there any more. Interrupted, it has changed nothing of what is gone.
 * @returns how many tasks it read, and of how many the answers were left, and why
 */
export async function sweepProject(
  context: SweepContext,
  name: string,
): Promise<Pick<SweepTally, 'read' | 'unread' | 'altered'>> {
  const { outbox, server } = context
  const { server: project } = outbox.projects.state(name) ?? { server: 0 }
  const tally = sweepTally(outbox, name)
  const mark = await server.lastTouched(project)
  for await (const page of server.tasks(project, {})) {
    outbox.write(() => page.forEach((reading) => tally.take(reading)))
  }
  await absentUnits(context, name, project, tally)
  const { answers } = outbox
  const wasReissued = (answer: LedgerAnswer): boolean => answers.wasReissued(name, answer)
  const countedBack = [...tally.entries.values()].some(({ missing }) => missing.some(wasReissued))
  const lost = explainLosses({ ...tally.evidence(), countedBack })
  outbox.write(() => {
    conclude(context, name, project, tally, lost)
    outbox.projects.swept(name, mark)
  })
  return { read: tally.read, unread: tally.unread, altered: tally.altered }
}

import type { TrackingId } from '@groundtrace/core'
import type { TaskReading } from './reading.ts'
import type { Store } from './store.ts'
import type { UnitKeys } from './unit-keys.ts'
import type { PlannedUnit, Unit, UnitFate, UnitState } from './unit.ts'

interface UnitRow {
  readonly id: number
  readonly key: string
  readonly prediction: TrackingId
  readonly project: string
  readonly reason: string
  readonly propensity: number | null
  readonly class: string | null
  readonly state: UnitState
  readonly why: UnitFate | null
  readonly attempted: number | null
  readonly server_project: number | null
  readonly server_task: number | null
  readonly created: string | null
  readonly updated: string | null
  readonly read: number | null
  readonly tasks: number
  readonly digest: string | null
}

function unitOf(row: UnitRow): Unit {
  const { id, key, prediction, project, reason, state } = row
  return {
    id,
    key,
    prediction,
    project,
    reason,
    state,
    ...(row.propensity !== null && { propensity: row.propensity }),
    ...(row.class !== null && { class: row.class }),
    ...(row.why !== null && { why: row.why }),
    ...(row.attempted !== null && { attempted: row.attempted }),
    ...(row.server_project !== null &&
      row.server_task !== null && { server: { project: row.server_project, task: row.server_task } }),
    ...(row.created !== null && { created: row.created }),
    ...(row.updated !== null && { updated: row.updated }),
    ...(row.read !== null && { read: row.read }),
    ...(row.digest !== null && { digest: row.digest }),
    tasks: row.tasks,
  }
}

/** How many units there are of a kind. */
export interface UnitCount {
  readonly project: string
  readonly state: UnitState
  readonly reason: string
  readonly why?: UnitFate
  readonly units: number
}

/** What the server says of a task when it is read, and how many of its kind there are. */
export type TaskStamp = Omit<TaskReading, 'key' | 'answers'> & { readonly project: number; readonly tasks: number }

/** The table of units. Every change is a transition of one state to another; one that does not fit changes nothing. */
export interface Units {
  /** Adds units. One that is there already, for the same prediction and project, is left as it is. @returns how many are new */
  plan(units: readonly PlannedUnit[], round?: number): number
  byKey(key: string): Unit | undefined
  byId(id: number): Unit | undefined
  ofPrediction(prediction: TrackingId): readonly Unit[]
  /** Units by ID, after one. */
  after(id: number, limit: number): readonly Unit[]
  /** Planned units that were never in an import, or whose import is known to have failed; oldest first. */
  fresh(project: string, limit: number): readonly Unit[]
  /** Planned units whose import was begun and not answered; oldest first. */
  uncertain(project: string, limit: number): readonly Unit[]
  /** Those that the server touched last, as far as was read. */
  newest(project: string, limit: number): readonly Unit[]
  /** Units whose task should be on the server, after one. */
  onServer(project: string, after: number, limit: number): readonly Unit[]
  /** Whether the server said of a task that it made it, and it was not read since. */
  unread(project: string): boolean
  attempted(units: readonly Unit[], at: number): void
  /** The import is known not to have made these tasks. */
  unsent(units: readonly Unit[]): void
  sent(unit: Unit, server: { readonly project: number; readonly task: number }): void
  seen(unit: Unit, stamp: TaskStamp): void
  dropped(unit: Unit, why: UnitFate): void
  gone(unit: Unit, why: UnitFate): void
  /** The server lost the task: it is sent again, once it has been looked for. */
  again(unit: Unit, at: number): void
  counts(): readonly UnitCount[]
  /** How many of a project were planned from a time on, in milliseconds since 1970. */
  plannedSince(project: string, time: number): number
  /** How many units there are by class that the model said, of the random and the targeted ones. */
  classes(project: string): ReadonlyMap<string, number>
}

/** An outbox that is not there any more may have sent it: it is looked for before it is sent. */
const BEFORE_US = 0

export function openUnits(store: Store, keys: UnitKeys): Units {
  const columns = `id, key, prediction, project, reason, propensity, class, state, why, attempted,
    server_project, server_task, created, updated, read, tasks, digest`
  const insert = store.prepare(`
    INSERT INTO units (key, attempted, prediction, project, reason, propensity, class, round, planned, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned') ON CONFLICT (prediction, project) DO NOTHING`)
  const select = (where: string) => {
    const statement = store.prepare(`SELECT ${columns} FROM units WHERE ${where}`)
    return (...values: (string | number)[]): readonly Unit[] =>
      (statement.all(...values) as unknown as UnitRow[]).map(unitOf)
  }
  const byKey = select('key = ?')
  const byId = select('id = ?')
  const ofPrediction = select('prediction = ? ORDER BY id')
  const after = select('id > ? ORDER BY id LIMIT ?')
  const fresh = select(`project = ? AND state = 'planned' AND attempted IS NULL ORDER BY id LIMIT ?`)
  const uncertain = select(`project = ? AND state = 'planned' AND attempted IS NOT NULL ORDER BY id LIMIT ?`)
  const onServer = select(`project = ? AND state IN ('sent', 'seen') AND id > ? ORDER BY id LIMIT ?`)
  const newest = select(`project = ? AND updated IS NOT NULL AND state = 'seen' ORDER BY updated DESC LIMIT ?`)
  const unread = store.prepare(`SELECT 1 FROM units WHERE project = ? AND state = 'sent' LIMIT 1`)
  const attempt = store.prepare(`UPDATE units SET attempted = ? WHERE id = ? AND state = 'planned'`)
  const send = store.prepare(`
    UPDATE units SET state = 'sent', why = NULL, attempted = NULL, server_project = ?, server_task = ?, created = NULL,
      updated = NULL, read = NULL
    WHERE id = ? AND state IN ('planned', 'gone')`)
  const see = store.prepare(`
    UPDATE units SET state = 'seen', why = NULL, attempted = NULL, server_project = ?, server_task = ?, created = ?,
      updated = ?, read = ?, drafts = ?, tasks = ?, digest = coalesce(digest, ?)
    WHERE id = ?`)
  const end = store.prepare('UPDATE units SET state = ?, why = ?, attempted = NULL, drafts = 0 WHERE id = ?')
  const again = store.prepare(`
    UPDATE units SET state = 'planned', why = NULL, attempted = ?, server_task = NULL, created = NULL, updated = NULL, read = NULL,
      drafts = 0, digest = NULL
    WHERE id = ? AND state IN ('sent', 'seen', 'gone')`)
  const count = store.prepare(`
    SELECT project, state, reason, why, count(*) AS units FROM units
    GROUP BY project, state, reason, why ORDER BY project, state, reason, why`)
  const since = store.prepare('SELECT count(*) AS units FROM units WHERE project = ? AND planned >= ?')
  const byClass = store.prepare(`
    SELECT class, count(*) AS units FROM units WHERE project = ? AND class IS NOT NULL GROUP BY class`)

  return {
    plan: (units, round) =>
      store.write(() => {
        const now = store.now()
        let added = 0
        for (const { prediction, project, reason, propensity, class: said } of units) {
          const values = [prediction, project, reason, propensity ?? null, said ?? null, round ?? null, now] as const
          const key = keys.keyOf(prediction, project)
          added += Number(insert.run(key, keys.areFoundAgain ? BEFORE_US : null, ...values).changes)
        }
        return added
      }),
    byKey: (key) => byKey(key)[0],
    byId: (id) => byId(id)[0],
    ofPrediction: (prediction) => ofPrediction(prediction),
    after: (id, limit) => after(id, limit),
    fresh: (project, limit) => fresh(project, limit),
    uncertain: (project, limit) => uncertain(project, limit),
    newest: (project, limit) => newest(project, limit),
    unread: (project) => unread.get(project) !== undefined,
    onServer: (project, id, limit) => onServer(project, id, limit),
    attempted: (units, at) => store.write(() => units.forEach(({ id }) => attempt.run(at, id))),
    unsent: (units) => store.write(() => units.forEach(({ id }) => attempt.run(null, id))),
    sent: ({ id }, { project, task }) => void send.run(project, task, id),
    seen: ({ id }, { project, task, created, updated, drafts, tasks, digest }) =>
      void see.run(project, task, created, updated, store.now(), drafts, tasks, digest ?? null, id),
    dropped: ({ id }, why) => void end.run('dropped', why, id),
    gone: ({ id }, why) => void end.run('gone', why, id),
    again: ({ id }, at) => void again.run(at, id),
    counts: () =>
      (count.all() as unknown as (Omit<UnitCount, 'why'> & { readonly why: UnitFate | null })[]).map(
        ({ why, ...rest }) => ({ ...rest, ...(why !== null && { why }) }),
      ),
    plannedSince: (project, time) => since.get(project, time)?.['units'] as number,
    classes: (project) =>
      new Map((byClass.all(project) as { class: string; units: number }[]).map((row) => [row.class, row.units])),
  }
}

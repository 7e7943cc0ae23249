import { defineTask, type Task } from '@groundtrace/core'
import { sameContent } from '../content.ts'
import { horizonTasks } from '../decide/horizon-tasks.ts'
import {
  expectDeclarable,
  MOST_TASKS,
  noRoomFor,
  readingOf,
  type KnownTask,
  type TaskReading,
} from '../decide/task-rules.ts'
import type { Connection, Database, Statement } from './database.ts'
import { LOCKS } from './schema.ts'

interface TaskRow {
  readonly id: number
  readonly name: string
  readonly definition_json: string
  readonly revision: number
}

/** The tasks of a register, as far as this process has read them. */
export interface Tasks {
  /** A statement that gives what is new since; for {@link Tasks.absorb}. */
  news(): string
  absorb(rows: readonly unknown[]): void
  /** Reads what is new. After rows were read, so that every task they are of is known. */
  refresh(connection: Connection): Promise<void>
  named(name: string): KnownTask | undefined
  /** By name, as far as this process has read them. */
  all(): readonly Task[]
  /** @throws GroundtraceError `invalid-task` when it contradicts what is kept, or there was no room to keep it */
  reading(task: Task): TaskReading
  /** The newest definition of a task, with the horizon that a prediction was made with. */
  madeWith(id: number, horizonSeconds: number): Task
  /** Predictions of a task that were made before this time are not kept any more. */
  prunedBefore(id: number): number
  /** Keeps what is not known yet, as it is described, as long as there is room. */
  keep(described: readonly Task[]): Promise<void>
  /** Keeps definitions as the newest. @throws GroundtraceError `invalid-task` when kind or classes changed */
  declare(tasks: readonly Task[]): Promise<void>
}

interface RetentionRow {
  readonly task: number
  readonly before: number
}

/** The row of {@link RetentionRow} that is about every task. */
export const ALL_TASKS = 0

const isRetention = (row: TaskRow | RetentionRow): row is RetentionRow => 'before' in row

export function taskTable(database: Database): Tasks {
  const { schema: s, lockClass } = database
  const insert: Statement = {
    name: 'task-insert',
    sql: `INSERT INTO ${s}.tasks (name, definition_json, revision, recorded)
      VALUES ($1, $2, nextval('${s}.task_revisions'), $3)`,
  }
  const update: Statement = {
    name: 'task-update',
    sql: `UPDATE ${s}.tasks SET definition_json = $2, revision = nextval('${s}.task_revisions'), recorded = $3
      WHERE id = $1`,
  }
  // One at a time, so that revisions rise in commit order.
  const lock = `SELECT pg_advisory_xact_lock(${lockClass}, ${LOCKS.tasks})`

  let revision = 0
  const byName = new Map<string, KnownTask>()
  const byId = new Map<number, KnownTask>()
  const withHorizon = horizonTasks()
  let readings = new WeakMap<Task, TaskReading>()
  /** By task. */
  const pruned = new Map<number, number>()

  const news = (): string =>
    `SELECT id, name, definition_json, revision FROM ${s}.tasks WHERE revision > ${revision} ORDER BY revision;
    SELECT task, before FROM ${s}.retention`

  function absorb(rows: readonly unknown[]): void {
    const given = rows as readonly (TaskRow | RetentionRow)[]
    for (const { task, before } of given.filter(isRetention)) pruned.set(task, before)
    const news = given.filter((row): row is TaskRow => !isRetention(row))
    for (const row of news) {
      const known = { id: row.id, task: defineTask(JSON.parse(row.definition_json) as Task) }
      byName.set(row.name, known)
      byId.set(row.id, known)
      revision = Math.max(revision, row.revision)
    }
    if (news.length === 0) return
    withHorizon.clear()
    readings = new WeakMap()
  }

  async function refresh(connection: Connection): Promise<void> {
    absorb((await connection.script(news())).flat())
  }

  /** Runs `change` on each, one process at a time, knowing all that was declared before. */
  async function changing(
    tasks: readonly Task[],
    change: (connection: Connection, task: Task) => Promise<void>,
  ): Promise<void> {
    await database.write(async (connection) => {
      await refresh(connection)
      for (const task of tasks) await change(connection, task)
    }, lock)
  }

  return {
    news,
    absorb,
    refresh,
    all: () => [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { task }]) => task),
    named: (name) => byName.get(name),
    prunedBefore: (id) => Math.max(...[id, ALL_TASKS].map((task) => pruned.get(task) ?? Number.NEGATIVE_INFINITY)),
    reading(task) {
      const cached = readings.get(task)
      if (cached !== undefined) return cached
      const known = byName.get(task.name)
      if (known === undefined) throw noRoomFor(task)
      const reading = readingOf(known, task)
      readings.set(task, reading)
      return reading
    },
    madeWith(id, horizonSeconds) {
      const { task: newest } = byId.get(id) as KnownTask
      return withHorizon.of(id, horizonSeconds, newest)
    },
    async keep(described) {
      await changing(described, async (connection, task) => {
        if (byName.has(task.name) || byName.size >= MOST_TASKS) return
        await connection.rows(insert, [task.name, JSON.stringify(defineTask(task)), database.now()])
        await refresh(connection)
      })
    },
    async declare(tasks) {
      await changing(tasks.map(defineTask), async (connection, task) => {
        const known = byName.get(task.name)
        const json = JSON.stringify(task)
        if (known === undefined) await connection.rows(insert, [task.name, json, database.now()])
        else {
          expectDeclarable(known.task, task)
          if (sameContent(known.task, task)) return
          await connection.rows(update, [known.id, json, database.now()])
        }
        await refresh(connection)
      })
    },
  }
}

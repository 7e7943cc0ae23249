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
import type { Store } from './store.ts'

export interface Tasks {
  /** Keeps the definition as the newest. @throws GroundtraceError `invalid-task` when kind or classes changed, or it is no task */
  declare(task: Task): void
  /**
   * The task of a prediction that is appended; one that is not known yet is kept as the prediction describes it.
   * @throws GroundtraceError `invalid-task` when it contradicts what is kept, or there is no room for another
   */
  reading(task: Task): TaskReading
  named(name: string): KnownTask | undefined
  /** By name. */
  all(): readonly Task[]
  /** Rows of all tasks, in order. */
  ids(): readonly number[]
  /** The newest definition of a task, with the horizon that a prediction was made with. */
  madeWith(id: number, horizonSeconds: number): Task
}

function decoded(row: unknown): KnownTask {
  const { id, definition_json: definition } = row as { id: number; definition_json: string }
  return { id, task: defineTask(JSON.parse(definition) as Task) }
}

export function taskTable(store: Store): Tasks {
  const selectNamed = store.prepare('SELECT id, definition_json FROM tasks WHERE name = ?')
  const select = store.prepare('SELECT id, definition_json FROM tasks WHERE id = ?')
  const selectAll = store.prepare('SELECT id, definition_json FROM tasks ORDER BY name')
  const selectIds = store.prepare('SELECT id FROM tasks ORDER BY id')
  // None is ever deleted.
  const selectCount = store.prepare('SELECT coalesce(max(id), 0) AS tasks FROM tasks')
  const insert = store.prepare('INSERT INTO tasks (name, definition_json, recorded) VALUES (?, ?, ?)')
  const update = store.prepare('UPDATE tasks SET definition_json = ?, recorded = ? WHERE id = ?')

  let readings = new WeakMap<Task, TaskReading>()
  const byId = new Map<number, KnownTask>()
  const withHorizon = horizonTasks()
  store.onStale(() => {
    readings = new WeakMap()
    byId.clear()
    withHorizon.clear()
  })

  function named(name: string): KnownTask | undefined {
    const row = selectNamed.get(name)
    return row === undefined ? undefined : decoded(row)
  }

  /** @throws GroundtraceError `invalid-task` */
  function keep(described: Task): KnownTask {
    const task = defineTask(described)
    const { lastInsertRowid } = insert.run(task.name, JSON.stringify(task), store.now())
    return { id: Number(lastInsertRowid), task }
  }

  /** @throws GroundtraceError `invalid-task` */
  function brought(task: Task): KnownTask {
    if ((selectCount.get()?.['tasks'] as number) >= MOST_TASKS) throw noRoomFor(task)
    return keep(task)
  }

  return {
    named,
    all: () => selectAll.all().map((row) => decoded(row).task),
    ids: () => selectIds.all().map((row) => row['id'] as number),
    declare(described) {
      const task = defineTask(described)
      const known = named(task.name)
      if (known === undefined) {
        keep(task)
        return
      }
      expectDeclarable(known.task, task)
      if (!sameContent(known.task, task)) update.run(JSON.stringify(task), store.now(), known.id)
    },
    reading(task) {
      const cached = readings.get(task)
      if (cached !== undefined) return cached
      const reading = readingOf(named(task.name) ?? brought(task), task)
      readings.set(task, reading)
      return reading
    },
    madeWith(id, horizonSeconds) {
      const known = byId.get(id) ?? decoded(select.get(id))
      byId.set(id, known)
      return withHorizon.of(id, horizonSeconds, known.task)
    },
  }
}

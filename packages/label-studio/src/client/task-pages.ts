import type { Connection } from './connection.ts'
import { LabelStudioError } from './error.ts'
import { listOf, readFields, readWhole, type Read } from './read.ts'

/** A condition of the server's data manager. */
export interface TaskFilter {
  readonly filter: `filter:tasks:${string}`
  readonly operator: 'greater' | 'greater_or_equal' | 'in_list'
  readonly type: 'Number' | 'Datetime' | 'String'
  readonly value: number | string | readonly string[]
}

export interface TaskQuery<T> {
  readonly project: number
  readonly filters: readonly TaskFilter[]
  /** Fields of tasks that are asked for, separated by commas. */
  readonly include: string
  readonly pageSize: number
  readonly read: Read<T>
  /** What is left to ask of a task that can't be shown whole. Default: it is left out. */
  readonly lesser?: { readonly include: string; readonly read: Read<T> }
}

/** How much smaller the next page is, when one can't be shown. */
const SHRINK = 10

/**
 * Whether a page may have failed for what a single task holds: more than is read, or what the server can't write as JSON.
 * Every annotator can hand in both, and the server takes it: one of them must not keep all others from being read.
 */
function isUnshown(error: unknown): boolean {
  if (!LabelStudioError.isInstance(error)) return false
  return error.code === 'server-error' || (error.code === 'invalid-answer' && error.status === 200)
}

const readId: Read<{ readonly id: number }> = (value, where) => ({
  id: readWhole(readFields(value, where)['id'], `${where}.id`),
})

function outOfOrder(project: number): LabelStudioError {
  return new LabelStudioError(
    'invalid-answer',
    `Label Studio's page of tasks of project ${project} holds tasks that are out of order`,
    'Check that it is release 1.23, whose filters and orders are as they are expected here',
  )
}

/** @throws LabelStudioError for IDs that do not rise, with which reading would never end, or would skip some */
function checkOrder(ids: readonly number[], after: number, project: number): void {
  ids.reduce((before, id) => {
    if (id <= before) throw outOfOrder(project)
    return id
  }, after)
}

/**
 * Tasks that fulfil all conditions, in order of their IDs, a page at a time. Each page asks for what comes after the last
 * task that was seen, not for a number of a page: so nothing shifts when tasks are made or deleted in between. A page that
 * can't be shown is asked for in smaller ones, and a task that can't be shown by itself without what it may have failed for.
 */
export async function* taskPages<T extends { readonly id: number }>(
  { api, required }: Pick<Connection, 'api' | 'required'>,
  { project, filters, include: whole, pageSize, read: readWholeTask, lesser }: TaskQuery<T>,
): AsyncGenerator<readonly T[]> {
  async function pageAfter<P extends { readonly id: number }>(
    after: number,
    size: number,
    { include, read }: { readonly include: string; readonly read: Read<P> },
  ): Promise<{ readonly tasks: readonly P[]; readonly isLast: boolean }> {
    const later: TaskFilter = { filter: 'filter:tasks:id', operator: 'greater', type: 'Number', value: after }
    const query = JSON.stringify({
      filters: { conjunction: 'and', items: [later, ...filters] },
      ordering: ['tasks:id'],
    })
    const call = api.GET('/api/tasks/', {
      params: { query: { project, fields: 'all', include, page: 1, page_size: size, resolve_uri: false, query } },
    })
    const page = readFields(await required(`request for tasks of project ${project}`, call), 'the page of tasks')
    const tasks = listOf(read)(page['tasks'], 'tasks')
    checkOrder(
      tasks.map(({ id }) => id),
      after,
      project,
    )
    // The number of all tasks that fulfil the conditions. A server may have pages smaller than what was asked for.
    return { tasks, isLast: tasks.length === 0 || tasks.length >= readWhole(page['total'], 'total') }
  }

  /** One task that could not be shown whole: what can be shown of it, or where it is. Rejects when that is not said either. */
  async function poorTask(after: number): Promise<{ readonly tasks: readonly T[]; readonly last: number | undefined }> {
    try {
      if (lesser !== undefined) {
        const { tasks } = await pageAfter(after, 1, lesser)
        return { tasks, last: tasks.at(-1)?.id }
      }
    } catch (error) {
      if (!isUnshown(error)) throw error
    }
    const { tasks } = await pageAfter(after, 1, { include: 'id', read: readId })
    return { tasks: [], last: tasks.at(-1)?.id }
  }

  for (let after = 0, size = pageSize; ;) {
    try {
      const { tasks, isLast } = await pageAfter(after, size, { include: whole, read: readWholeTask })
      if (tasks.length > 0) yield tasks
      if (isLast) return
      after = tasks.at(-1)?.id ?? after
      size = Math.min(pageSize, size * SHRINK)
    } catch (error) {
      if (!isUnshown(error)) throw error
      if (size > 1) {
        size = Math.ceil(size / SHRINK)
        continue
      }
      const { tasks, last } = await poorTask(after)
      if (tasks.length > 0) yield tasks
      if (last === undefined) return
      after = last
    }
  }
}

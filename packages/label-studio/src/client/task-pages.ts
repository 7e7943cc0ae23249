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
}

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
 * task that was seen, not for a number of a page: so nothing shifts when tasks are made or deleted in between.
 */
export async function* taskPages<T extends { readonly id: number }>(
  { api, required }: Pick<Connection, 'api' | 'required'>,
  { project, filters, include, pageSize, read }: TaskQuery<T>,
): AsyncGenerator<readonly T[]> {
  for (let after = 0; ;) {
    const later: TaskFilter = { filter: 'filter:tasks:id', operator: 'greater', type: 'Number', value: after }
    const query = JSON.stringify({
      filters: { conjunction: 'and', items: [later, ...filters] },
      ordering: ['tasks:id'],
    })
    const call = api.GET('/api/tasks/', {
      params: { query: { project, fields: 'all', include, page: 1, page_size: pageSize, resolve_uri: false, query } },
    })
    const page = readFields(await required(`request for tasks of project ${project}`, call), 'the page of tasks')
    const tasks = listOf(read)(page['tasks'], 'tasks')
    checkOrder(
      tasks.map(({ id }) => id),
      after,
      project,
    )
    const last = tasks.at(-1)
    if (last === undefined) return
    yield tasks
    // The number of all tasks that fulfil the conditions. A server may have pages smaller than what was asked for.
    if (tasks.length >= readWhole(page['total'], 'total')) return
    after = last.id
  }
}

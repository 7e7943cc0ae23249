import type { Connection } from './connection.ts'
import { checkedId, checkedKey, checkedList, checkedObject, checkedTime } from './check-arguments.ts'
import { LabelStudioError } from './error.ts'
import type { LabelStudio } from './label-studio.ts'
import { listOf, readFields, readText, readTime, readWhole, type Read } from './read.ts'
import { FIELDS_WITHOUT_ANSWERS, readTaskDetail, readTaskOf, readUnreadTaskOf, TASK_FIELDS } from './read-task.ts'
import type { NewPrediction, NewTask, StoredTask, TaskIds } from './task.ts'
import { taskPages, type TaskFilter } from './task-pages.ts'

type TaskOperations = Pick<
  LabelStudio,
  | 'importTasks'
  | 'tasksByData'
  | 'tasks'
  | 'taskIds'
  | 'lastTouched'
  | 'task'
  | 'withdrawTask'
  | 'serveTask'
  | 'createPrediction'
>

/** A page takes the server about half a second. */
const TASKS_OF_A_PAGE = 100
const IDS_OF_A_PAGE = 1000

/** So long may the texts of one filter be in an address: many servers take 8,000 characters in all. */
const MOST_FILTER = 4000

/** Texts in parts that fit into an address. */
function* inParts(values: readonly string[]): Iterable<readonly string[]> {
  let part: string[] = []
  let length = 0
  for (const value of values) {
    const added = encodeURIComponent(JSON.stringify(value)).length + 3
    if (part.length > 0 && length + added > MOST_FILTER) {
      yield part
      part = []
      length = 0
    }
    part.push(value)
    length += added
  }
  if (part.length > 0) yield part
}

/** The server has them as a text with commas. */
const readIds: Read<readonly number[]> = (value, where) => {
  const text = readText(value, where)
  return text === '' ? [] : text.split(',').map((id) => readWhole(Number(id), where))
}

const readTaskIds: Read<TaskIds> = (value, where) => {
  const fields = readFields(value, where)
  return {
    id: readWhole(fields['id'], `${where}.id`),
    updatedAt: readTime(fields['updated_at'], `${where}.updated_at`),
    annotations: readIds(fields['annotations_ids'], `${where}.annotations_ids`),
  }
}

/** In the server's names. What a region holds is checked by nobody. */
function predictionBody(prediction: NewPrediction) {
  const { result, score, modelVersion } = checkedObject(prediction, 'prediction')
  return {
    result: result as readonly Record<string, unknown>[],
    ...(score !== undefined && { score }),
    ...(modelVersion !== undefined && { model_version: modelVersion }),
  }
}

function taskBody(task: NewTask) {
  const { data, meta, predictions = [] } = checkedObject(task, 'task')
  return {
    data,
    ...(meta !== undefined && { meta }),
    predictions: checkedList(predictions, 'predictions').map(predictionBody),
  }
}

/** @throws LabelStudioError when there is not one ID for each task */
function checkedIds(answer: unknown, count: number, project: number): readonly number[] {
  const ids = listOf(readWhole)(readFields(answer, 'the import')['task_ids'], 'task_ids')
  if (ids.length === count && new Set(ids).size === count) return ids
  throw new LabelStudioError(
    'invalid-answer',
    `Label Studio names ${ids.length} tasks for ${count} that were imported into project ${project}`,
    'Look for them by a key in their data before they are imported again',
  )
}

export function taskOperations(connection: Connection): TaskOperations {
  const { api, required, found } = connection

  function pagesOf(project: number, filters: readonly TaskFilter[]): AsyncGenerator<readonly StoredTask[]> {
    return taskPages(connection, {
      project,
      filters,
      include: TASK_FIELDS,
      pageSize: TASKS_OF_A_PAGE,
      read: readTaskOf(project),
      lesser: { include: FIELDS_WITHOUT_ANSWERS, read: readUnreadTaskOf(project) },
    })
  }

  /** What is labelled is served to nobody. */
  async function setLabeled(task: number, isLabeled: boolean): Promise<void> {
    const path = { id: String(checkedId(task, 'task')) }
    await required(
      `${isLabeled ? 'withdrawal' : 'return'} of task ${task}`,
      api.PATCH('/api/tasks/{id}/', { params: { path }, body: { is_labeled: isLabeled } }),
    )
  }

  return {
    async importTasks(project, tasks) {
      const id = checkedId(project, 'project')
      if (checkedList(tasks, 'tasks').length === 0) return []
      const call = api.POST('/api/projects/{id}/import', {
        params: { path: { id }, query: { return_task_ids: true } },
        body: tasks.map(taskBody),
      })
      return checkedIds(await required(`import into project ${id}`, call), tasks.length, id)
    },
    async tasksByData(project, key, values) {
      const id = checkedId(project, 'project')
      const filter = `filter:tasks:data.${checkedKey(key)}` as const
      const tasks: StoredTask[] = []
      const wanted = new Set(checkedList(values, 'values'))
      for (const part of inParts([...wanted])) {
        const filters: readonly TaskFilter[] = [{ filter, operator: 'in_list', type: 'String', value: part }]
        for await (const page of pagesOf(id, filters)) {
          // A server that does not know a filter leaves it out.
          tasks.push(...page.filter(({ data }) => wanted.has(data[key] as string)))
        }
      }
      return tasks
    },
    async *tasks(project, filter) {
      const filters: TaskFilter[] = []
      if (filter !== undefined) {
        const value = checkedTime(checkedObject(filter, 'filter').touchedFrom)
        filters.push({ filter: 'filter:tasks:updated_at', operator: 'greater_or_equal', type: 'Datetime', value })
      }
      yield* pagesOf(checkedId(project, 'project'), filters)
    },
    async *taskIds(project) {
      yield* taskPages(connection, {
        project: checkedId(project, 'project'),
        filters: [],
        include: 'id,updated_at,annotations_ids',
        pageSize: IDS_OF_A_PAGE,
        read: readTaskIds,
      })
    },
    async lastTouched(project) {
      const id = checkedId(project, 'project')
      const call = api.GET('/api/tasks/', {
        params: {
          query: {
            project: id,
            include: 'id,updated_at',
            page: 1,
            page_size: 1,
            query: JSON.stringify({ ordering: ['-tasks:updated_at'] }),
          },
        },
      })
      const page = readFields(await required(`request for the last task of project ${id}`, call), 'the page of tasks')
      const [last] = listOf(readFields)(page['tasks'], 'tasks')
      return last === undefined ? undefined : readTime(last['updated_at'], 'tasks[0].updated_at')
    },
    async task(id) {
      const path = { id: String(checkedId(id, 'task')) }
      const answer = await found(`request for task ${id}`, api.GET('/api/tasks/{id}/', { params: { path } }))
      return answer === undefined ? undefined : readTaskDetail(answer, 'the task')
    },
    withdrawTask: async (id) => await setLabeled(id, true),
    serveTask: async (id) => await setLabeled(id, false),
    async createPrediction(task, prediction) {
      const body = { task: checkedId(task, 'task'), ...predictionBody(prediction) }
      const answer = await required(`prediction for task ${task}`, api.POST('/api/predictions/', { body }))
      return readWhole(readFields(answer, 'the prediction')['id'], 'the prediction.id')
    },
  }
}

import { createHash } from 'node:crypto'
import type { StoredAnnotation } from '../client/annotation.ts'
import { LabelStudioError } from '../client/error.ts'
import type { LabelStudio } from '../client/label-studio.ts'
import type { StoredTask } from '../client/task.ts'
import type { AnswerContent, AnswerReading, TaskReading } from './reading.ts'
import type { CallFault, TaskServer } from './task-server.ts'

/**
 * The field of a task's data that holds the bridge's key. The server finds tasks by it, and it is all that the server gets to
 * know of whose task it is.
 */
export const KEY_FIELD = 'groundtrace_key'

/** What the server answers to what it can make nothing of: bad data, too much of it. */
const CONTENT_STATUSES: ReadonlySet<number | undefined> = new Set([400, 413, 422])

/** What the client threw, with what it says of the call. */
function told(error: unknown): unknown {
  if (!LabelStudioError.isInstance(error) || !error.refused) return error
  const fault: CallFault = CONTENT_STATUSES.has(error.status) ? 'refused' : 'not-done'
  return Object.assign(error, { fault })
}

async function tell<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    throw told(error)
  }
}

/**
 * Longest result that is kept, as JSON: twice of what a page makes at the most. Every reading that differs is kept for good,
 * so that somebody who hands in megabytes again and again would fill the disk.
 */
const MOST_RESULT = 65_536

/** What an annotator wrote; nothing of what no page makes. */
const kept = (result: readonly unknown[]): readonly unknown[] =>
  JSON.stringify(result).length > MOST_RESULT ? [] : result

/**
 * An annotation as the bridge keeps it. Not whether it is marked as ground truth: that is the bridge's own writing, and for
 * the same reason an edit of its own account is no foreign one. An annotation that nobody wrote came in with a task that
 * somebody imported, with whatever names he liked: it is nobody's.
 */
function contentOf(annotation: StoredAnnotation, self: number): AnswerContent {
  const { completedBy, updatedBy, wasCancelled, result, leadTimeSeconds, parentPrediction } = annotation
  const isForeign = updatedBy !== undefined && updatedBy !== completedBy && updatedBy !== self
  return {
    ...(completedBy !== undefined && updatedBy !== undefined && { annotator: completedBy }),
    ...(isForeign && { editedBy: updatedBy }),
    skipped: wasCancelled,
    result: kept(result),
    ...(leadTimeSeconds !== undefined && { leadTimeSeconds }),
    ...(parentPrediction !== undefined && { parentPrediction }),
  }
}

/** Of what annotators see, in whatever order it stands. The key is in it: two tasks that show the same have two. */
function digestOf(data: StoredTask['data']): string {
  const fields = Object.entries(data).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(fields)).digest('base64url')
}

function readingOf(task: StoredTask, self: number): TaskReading[] {
  const { id, data, createdAt, updatedAt, annotations, drafts, unread } = task
  const key = data[KEY_FIELD]
  // A task that somebody else made.
  if (typeof key !== 'string' || key === '') return []
  const answers = annotations.map((annotation): AnswerReading => ({
    annotation: annotation.id,
    created: annotation.createdAt,
    updated: annotation.updatedAt,
    content: contentOf(annotation, self),
  }))
  const begun = drafts.filter(({ annotation }) => annotation === undefined).length
  const stamp = { task: id, key, created: createdAt, updated: updatedAt, digest: digestOf(data), drafts: begun }
  return [{ ...stamp, answers, ...(unread && { unread }) }]
}

/**
 * A Label Studio server as the bridge sees it.
 * @param self the account of the client's token, from `client.currentUser()`: one that nobody annotates with
 */
export function labelStudioServer(
  client: Pick<LabelStudio, 'importTasks' | 'tasksByData' | 'tasks' | 'lastTouched'>,
  { id: self }: { readonly id: number },
): TaskServer {
  return {
    importTasks: (project, tasks) =>
      tell(
        client.importTasks(
          project,
          tasks.map(({ key, data }) => ({ data: { ...data, [KEY_FIELD]: key } })),
        ),
      ),
    async tasksByKey(project, keys) {
      const tasks = await tell(client.tasksByData(project, KEY_FIELD, keys))
      return tasks.flatMap((task) => readingOf(task, self))
    },
    async *tasks(project, { touchedFrom }) {
      const pages = client.tasks(project, touchedFrom === undefined ? undefined : { touchedFrom })
      for await (const page of pages) yield page.flatMap((task) => readingOf(task, self))
    },
    lastTouched: (project) => client.lastTouched(project),
  }
}

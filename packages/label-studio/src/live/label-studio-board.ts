import { answerReader } from '../answers/answer-reader.ts'
import type { AnswerForm } from '../answers/answer.ts'
import { KEY_FIELD } from '../bridge/label-studio-server.ts'
import type { StoredAnnotation } from '../client/annotation.ts'
import type { LabelStudio } from '../client/label-studio.ts'
import type { StoredTask } from '../client/task.ts'
import type { LiveBoard } from './live-board.ts'
import type { Vote } from './weigh-votes.ts'

export interface LabelStudioBoardOptions {
  readonly labelStudio: Pick<LabelStudio, 'importTasks' | 'tasksByData' | 'withdrawTask'>
  /** Number of a project of its own: annotators get its oldest task first, so nothing else may stand in their way. */
  readonly project: number
  /** What its page asks. */
  readonly form: AnswerForm
  /**
   * Numbers on the server of those who vote. Default: everybody who answers, and every member of the organisation may: what
   * two of them say goes out.
   */
  readonly members?: readonly number[]
}

const isLater = (a: StoredAnnotation, b: StoredAnnotation): boolean =>
  a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt

/**
 * A project of Label Studio as the board of live annotation. Its tasks stay when they are decided, and are served to nobody
 * any more; who has one open may still answer.
 *
 * Skips are no votes, nor are answers that somebody else has written over, or that came in with an imported task.
 */
export function labelStudioBoard({ labelStudio, project, form, members }: LabelStudioBoardOptions): LiveBoard {
  const read = answerReader(form)
  const voters = members && new Set(members)
  /** Numbers of tasks that are open, by key. */
  const open = new Map<string, number>()

  function voteOf({ completedBy, updatedBy, result, wasCancelled }: StoredAnnotation): Vote | undefined {
    if (completedBy === undefined || updatedBy !== completedBy || voters?.has(completedBy) === false) return undefined
    const { label } = read({ result, skipped: wasCancelled })
    return label === undefined ? undefined : { annotator: completedBy, value: label }
  }

  function votesOn({ annotations }: StoredTask): readonly Vote[] {
    const latest = new Map<number | undefined, StoredAnnotation>()
    for (const annotation of annotations) {
      const known = latest.get(annotation.completedBy)
      if (known === undefined || isLater(annotation, known)) latest.set(annotation.completedBy, annotation)
    }
    return [...latest.values()].flatMap((annotation) => voteOf(annotation) ?? [])
  }

  async function find(keys: readonly string[]): Promise<readonly (readonly [key: string, task: StoredTask])[]> {
    const tasks = await labelStudio.tasksByData(project, KEY_FIELD, keys)
    const ours = new Map<string, StoredTask>()
    for (const task of tasks.toSorted((a, b) => a.id - b.id)) {
      const key = task.data[KEY_FIELD] as string
      // A copy that somebody made has the key as well. Ours is the one that was imported, or the first.
      if (task.id === (open.get(key) ?? ours.get(key)?.id ?? task.id)) ours.set(key, task)
    }
    return [...ours]
  }

  return {
    async post(tasks) {
      const ids = await labelStudio.importTasks(
        project,
        tasks.map(({ key, data }) => ({ data: { ...data, [KEY_FIELD]: key } })),
      )
      for (const [at, { key }] of tasks.entries()) open.set(key, ids[at] as number)
    },
    async votes(keys) {
      const found = keys.length === 0 ? [] : await find(keys)
      // An import whose answer was lost is found here.
      for (const [key, { id }] of found) open.set(key, id)
      return new Map(found.map(([key, task]) => [key, votesOn(task)]))
    },
    async close(keys) {
      const lost = keys.filter((key) => !open.has(key))
      for (const [key, { id }] of lost.length === 0 ? [] : await find(lost)) open.set(key, id)
      for (const key of keys) {
        const id = open.get(key)
        open.delete(key)
        if (id !== undefined) await labelStudio.withdrawTask(id)
      }
    },
  }
}

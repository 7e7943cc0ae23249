import type { AnswerReading, TaskReading } from '../../src/bridge/reading.ts'
import type { TaskServer } from '../../src/bridge/task-server.ts'

/** What stands between a call and the server. */
export type Fault =
  /** The server is not there. */
  | 'not-there'
  /** The answer does not come; the call was carried out. */
  | 'answer-lost'
  /** The answer does not come; the call was not carried out. */
  | 'call-lost'
  /** The answer does not come; the call is carried out later, when {@link StubServer.settle} is called. */
  | 'late'

interface StubAnnotation {
  id: number
  created: string
  updated: string
  annotator: number
  label: string
}

interface StubTask {
  id: number
  key: string
  /** What annotators see. */
  text: string
  created: string
  updated: string
  drafts: number
  annotations: StubAnnotation[]
}

interface State {
  tasks: StubTask[]
  /** The number of the last annotation; that of a deleted one is not given again. */
  annotations: number
}

const PAGE = 3

/**
 * A stub of Label Studio in memory, with those of its habits that a bridge stumbles over: it makes the same task twice when
 * it is asked twice, gives the ID of the newest task again after that was deleted, pages through what changes meanwhile, and
 * can be restored from a copy.
 */
export class StubServer implements TaskServer {
  readonly #projects = new Map<number, State>()
  readonly #late: (() => void)[] = []
  /** What happens to the next calls; undefined: nothing. */
  faults: (Fault | undefined)[] = []
  /** Its clock, in milliseconds since 1970. */
  time = Date.UTC(2026, 0, 31)
  /** Keys of tasks that it refuses. */
  readonly refusing = new Set<string>()
  calls = 0

  constructor(...projects: readonly number[]) {
    for (const project of projects) this.#projects.set(project, { tasks: [], annotations: 0 })
  }

  #now(): string {
    this.time += 1
    return `${new Date(this.time).toISOString().slice(0, -1)}000Z`
  }

  #of(project: number): State {
    const state = this.#projects.get(project)
    if (state === undefined) throw Object.assign(new Error('no such project'), { fault: 'not-done' })
    return state
  }

  async #call<T>(work: () => T): Promise<T> {
    this.calls += 1
    const fault = this.faults.shift()
    if (fault === 'not-there') throw Object.assign(new Error('not there'), { fault: 'not-done' })
    if (fault === 'call-lost') throw new Error('call lost')
    if (fault === 'late') {
      this.#late.push(work)
      throw new Error('time ran out')
    }
    const result = work()
    if (fault === 'answer-lost') throw new Error('answer lost')
    return structuredClone(result)
  }

  /** Carries out what it was slow at. */
  settle(): void {
    for (const work of this.#late.splice(0)) work()
  }

  importTasks(project: number, tasks: readonly { readonly key: string }[]): Promise<readonly number[]> {
    return this.#call(() => {
      if (tasks.some(({ key }) => this.refusing.has(key)))
        throw Object.assign(new Error('refused'), { fault: 'refused' })
      const state = this.#of(project)
      const ids = tasks.map(({ key }) => {
        const now = this.#now()
        const id = 1 + Math.max(0, ...state.tasks.map((task) => task.id))
        state.tasks.push({
          id,
          key,
          text: `the mail of ${key}`,
          created: now,
          updated: now,
          drafts: 0,
          annotations: [],
        })
        return id
      })
      return ids
    })
  }

  tasksByKey(project: number, keys: readonly string[]): Promise<readonly TaskReading[]> {
    const wanted = new Set(keys)
    return this.#call(() =>
      this.#of(project)
        .tasks.filter(({ key }) => wanted.has(key))
        .map(readingOf),
    )
  }

  async *tasks(
    project: number,
    { touchedFrom = '' }: { readonly touchedFrom?: string },
  ): AsyncIterable<readonly TaskReading[]> {
    for (let after = 0; ;) {
      const page = await this.#call(() =>
        this.#of(project)
          .tasks.filter(({ id, updated }) => id > after && updated >= touchedFrom)
          .toSorted((a, b) => a.id - b.id)
          .slice(0, PAGE)
          .map(readingOf),
      )
      const last = page.at(-1)
      if (last === undefined) return
      after = last.task
      yield page
    }
  }

  lastTouched(project: number): Promise<string | undefined> {
    return this.#call(() =>
      this.#of(project)
        .tasks.map(({ updated }) => updated)
        .toSorted()
        .at(-1),
    )
  }

  /** Tasks of a project as they are. */
  peek(project: number): readonly TaskReading[] {
    return this.#of(project).tasks.map(readingOf)
  }

  /** Somebody answers. @returns the annotation's ID */
  annotate(project: number, task: number, annotator: number, label: string): number {
    const now = this.#now()
    const id = (this.#of(project).annotations += 1)
    const found = this.#task(project, task)
    found.annotations.push({ id, created: now, updated: now, annotator, label })
    found.updated = this.#now()
    return id
  }

  edit(project: number, task: number, annotation: number, label: string): void {
    const found = this.#task(project, task)
    for (const one of found.annotations.filter(({ id }) => id === annotation)) {
      one.label = label
      one.updated = this.#now()
    }
    found.updated = this.#now()
  }

  /** Somebody edits what a task shows. */
  retell(project: number, task: number, text: string): void {
    const found = this.#task(project, task)
    found.text = text
    found.updated = this.#now()
  }

  deleteAnnotation(project: number, task: number, annotation: number): void {
    const found = this.#task(project, task)
    found.annotations = found.annotations.filter(({ id }) => id !== annotation)
    found.updated = this.#now()
  }

  deleteTask(project: number, task: number): void {
    const state = this.#of(project)
    state.tasks = state.tasks.filter(({ id }) => id !== task)
  }

  /** A copy of its data, to restore from. */
  backup(): ReadonlyMap<number, State> {
    return structuredClone(this.#projects)
  }

  restore(backup: ReadonlyMap<number, State>): void {
    for (const [project, state] of structuredClone(backup)) this.#projects.set(project, state)
  }

  #task(project: number, id: number): StubTask {
    const task = this.#of(project).tasks.find((one) => one.id === id)
    if (task === undefined) throw new Error(`no task ${id}`)
    return task
  }
}

function readingOf({ id, key, text, created, updated, drafts, annotations }: StubTask): TaskReading {
  const answers = annotations.map(({ id: annotation, annotator, label, ...times }): AnswerReading => ({
    annotation,
    ...times,
    content: { annotator, skipped: false, result: [label] },
  }))
  return { task: id, key, digest: text, created, updated, drafts, answers }
}

import type { NewPrediction, NewTask, StoredTask, StoredTaskDetail, TaskIds } from './task.ts'
import type { AnnotationContent, StoredAnnotation } from './annotation.ts'
import type { Project, ProjectSettings } from './project.ts'
import type { MlBackend, MlBackendSettings } from './ml-backend.ts'
import type { Webhook, WebhookSettings } from './webhook.ts'

/** An account on the server. Whoever was invited may do nearly everything there: an account is not a permission. */
export interface LabelStudioUser {
  readonly id: number
  readonly email: string
}

/**
 * What is asked of a Label Studio server: the operations in use, and no more.
 *
 * Every method rejects with a `LabelStudioError` when the server does not answer, refuses, or answers with what is no
 * answer. After a rejection a write may have been carried out all the same, unless `refused` of the error is true: look
 * before trying again. Reads are tried again by themselves, writes never are.
 *
 * IDs are those of the server. It gives the ID of a deleted task or annotation again, so an ID alone identifies nothing
 * for long. Times are the server's own, in ISO 8601 with six digits of a second, in UTC.
 */
export interface LabelStudio {
  /** Resolves when the server says that it can work. */
  health(): Promise<void>
  /** The release, such as `1.23.2`. */
  version(): Promise<string>
  /** Whose token is used. */
  currentUser(): Promise<LabelStudioUser>
  /** All members of the organisation. */
  users(): Promise<readonly LabelStudioUser[]>
  /** Where somebody signs up as a member. Everybody who knows it can: keep it secret. */
  inviteLink(): Promise<string>

  /** All projects in order of their IDs, or those that have exactly this title: titles are not unique on the server. */
  projects(filter?: { readonly title: string }): Promise<readonly Project[]>
  /** @returns undefined when there is none of this ID */
  project(id: number): Promise<Project | undefined>
  /** Makes a project; what is not given is as Label Studio has it by default. */
  createProject(settings: Partial<ProjectSettings> & Pick<ProjectSettings, 'title'>): Promise<Project>
  /** Changes what is given and nothing else. */
  updateProject(id: number, changes: Partial<ProjectSettings>): Promise<Project>

  /**
   * Makes all of these tasks or none of them. The same call again makes them again.
   * @returns their IDs, in the order of the tasks
   */
  importTasks(project: number, tasks: readonly NewTask[]): Promise<readonly number[]>
  /**
   * The tasks whose `data` has one of these texts under a key; of one text none, one, or more.
   * @param key letters, digits and underscores: what else the server makes of it is not to be relied on
   */
  tasksByData(project: number, key: string, values: readonly string[]): Promise<readonly StoredTask[]>
  /**
   * The tasks of a project in order of their IDs, a page at a time, with annotations and drafts. A task that is there from
   * beginning to end is in it once, whatever is made or deleted in between. One that is touched meanwhile is in it as it was
   * or as it is, and one that falls under the filter only then may not be in it: ask the next time from a time before the
   * first page was asked for. One that the server can't show, because of what an annotator wrote, is `unread`; one that it
   * can't show at all is left out.
   * @param filter only those that were touched at or after this time of the server's: made, edited, or an annotation on them
   *   made, changed or deleted, or a prediction made. A draft does not touch its task. A deleted task shows in `taskIds` only.
   */
  tasks(project: number, filter?: { readonly touchedFrom: string }): AsyncIterable<readonly StoredTask[]>
  /** All tasks of a project by their IDs, a page at a time, with the IDs of their annotations: what was deleted is not in it. */
  taskIds(project: number): AsyncIterable<readonly TaskIds[]>
  /**
   * When the server last touched a task of the project; undefined when there is none. It goes back when that task is deleted,
   * as well as when the server is restored from a backup.
   */
  lastTouched(project: number): Promise<string | undefined>
  /** @returns undefined when there is none of this ID */
  task(id: number): Promise<StoredTaskDetail | undefined>
  /** Serves a task to nobody any more, and keeps it. Who has it open can still answer; then the server may serve it again. */
  withdrawTask(id: number): Promise<void>
  /** Serves a task again that was withdrawn. */
  serveTask(id: number): Promise<void>
  /** Adds what a model says of a task. @returns its ID */
  createPrediction(task: number, prediction: NewPrediction): Promise<number>

  /** All annotations of a task, skips among them. @returns undefined when there is no such task */
  annotations(task: number): Promise<readonly StoredAnnotation[] | undefined>
  /** Answers a task as the owner of the token. The server does not check the result against the label config. */
  createAnnotation(task: number, content: AnnotationContent): Promise<StoredAnnotation>
  /** Changes what is given and nothing else: `groundTruth` marks an annotation as ground truth. */
  updateAnnotation(id: number, changes: Partial<AnnotationContent>): Promise<StoredAnnotation>

  /** The webhooks of a project, in order of their IDs. Their headers hold secrets that every member can read. */
  webhooks(project: number): Promise<readonly Webhook[]>
  createWebhook(project: number, settings: WebhookSettings): Promise<Webhook>
  /** Changes what is given and nothing else. */
  updateWebhook(id: number, changes: Partial<WebhookSettings>): Promise<Webhook>

  /** The ML backends of a project, in order of their IDs. */
  mlBackends(project: number): Promise<readonly MlBackend[]>
  /** Connects a project with an ML backend, whose `/health` and `/setup` the server calls before it answers. */
  createMlBackend(project: number, settings: MlBackendSettings): Promise<MlBackend>
}

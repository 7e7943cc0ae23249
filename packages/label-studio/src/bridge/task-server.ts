import type { TaskReading } from './reading.ts'

/** A task to be made. */
export interface NewTask {
  readonly key: string
  /** What annotators see, by the names that the label config asks for. */
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * What the bridge asks of Label Studio. Every method rejects when the server does not answer, answers with an error, or
 * with what is no answer. A call that was rejected may have been carried out all the same, unless its error says otherwise
 * ({@link callFault}).
 */
export interface TaskServer {
  /** Makes tasks, all of them or none. @returns their IDs, in order */
  importTasks(project: number, tasks: readonly NewTask[]): Promise<readonly number[]>
  /** The tasks of a project that have one of these keys; of a key none, one, or more. */
  tasksByKey(project: number, keys: readonly string[]): Promise<readonly TaskReading[]>
  /**
   * The tasks of a project that have a key, all of them or those that were touched at or after a time of the server's; each
   * once, a page at a time. What is touched while they are read may be missed.
   */
  tasks(project: number, options: { readonly touchedFrom?: string }): AsyncIterable<readonly TaskReading[]>
  /** When the server last touched a task of a project, one without a key too; undefined where there is none. */
  lastTouched(project: number): Promise<string | undefined>
}

/**
 * What a failed call says of itself, where it knows.
 * - `refused`: the server took nothing, because of what was sent.
 * - `not-done`: the server took nothing, for another reason: it was not there, it did not let us in, it has no such project.
 */
export type CallFault = 'refused' | 'not-done'

/** The fault of what {@link TaskServer} threw; undefined where the call may have been carried out. */
export function callFault(error: unknown): CallFault | undefined {
  const fault = typeof error === 'object' && error !== null && 'fault' in error ? error.fault : undefined
  return fault === 'refused' || fault === 'not-done' ? fault : undefined
}

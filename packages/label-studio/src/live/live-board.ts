import type { Vote } from './weigh-votes.ts'

/** A task that annotators see for a moment. */
export interface LiveTask {
  /** Random, and good for this task alone. */
  readonly key: string
  /** What annotators see. */
  readonly data: Readonly<Record<string, unknown>>
}

/** Where live tasks are shown and voted on. What it rejects with is a trouble, and never delays a decision. */
export interface LiveBoard {
  /** Shows tasks. */
  post(tasks: readonly LiveTask[]): Promise<void>
  /** What was said of tasks so far, by key: one vote an annotator, the latest. */
  votes(keys: readonly string[]): Promise<ReadonlyMap<string, readonly Vote[]>>
  /** They are decided: nobody needs to look at them any more. */
  close(keys: readonly string[]): Promise<void>
}

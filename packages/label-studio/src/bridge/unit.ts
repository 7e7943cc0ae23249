import type { TrackingId } from '@groundtrace/core'

/**
 * Where a unit stands.
 * - `planned`: to be imported, or perhaps imported already: an answer that did not come is looked for before it is sent again.
 * - `sent`: the server said which task it made.
 * - `seen`: the task was read back.
 * - `gone`: the server has no such task any more. What was answered is kept.
 * - `dropped`: it is never sent; `why` says why.
 */
export const UNIT_STATES = ['planned', 'sent', 'seen', 'gone', 'dropped'] as const
export type UnitState = (typeof UNIT_STATES)[number]

/** Why a unit is `dropped`, or `gone`. */
export const UNIT_FATES = ['payload-gone', 'unsuitable', 'refused', 'task-deleted'] as const
export type UnitFate = (typeof UNIT_FATES)[number]

/** A prediction that is to be annotated in a project. */
export interface PlannedUnit {
  readonly prediction: TrackingId
  /** Name of the project, as the plan has it. */
  readonly project: string
  /** Why it was picked: a bounded word. */
  readonly reason: string
  /**
   * The exact probability with which it was drawn, for random picks only: quality is estimated from those that have one.
   * What was picked for a reason has none and is never an estimate of anything.
   */
  readonly propensity?: number
  /** The class that the model said, to balance classes by. */
  readonly class?: string
}

/** A prediction in a project, and the task that stands for it there. */
export interface Unit extends PlannedUnit {
  readonly id: number
  /** What the server sees in place of the tracking ID: it looks random, and is good for one unit. */
  readonly key: string
  readonly state: UnitState
  readonly why?: UnitFate
  /** When an import that it may be in was begun whose answer did not come, in milliseconds since 1970; 0: nobody knows. */
  readonly attempted?: number
  /** Where the task is on the server, as last known: the server may give the number again. */
  readonly server?: { readonly project: number; readonly task: number }
  /** When the server says that the task was made, and last touched. Only of tasks that were read. */
  readonly created?: string
  readonly updated?: string
  /** When that was read, in milliseconds since 1970, by the clock here. */
  readonly read?: number
  /** Of what its task showed when it was first read. */
  readonly digest?: string
  /** How many tasks the server has for it: 1, but for what somebody copied. */
  readonly tasks: number
}

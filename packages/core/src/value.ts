import { GroundtraceError } from './errors.ts'
import { isKey } from './key.ts'
import { isListOf } from './plain.ts'
import { quote } from './quote.ts'
import { isTask, type Task, type TaskKind } from './task.ts'

/** One answer: a class or a text, a number, or item names in order (ranking). */
export type Value = string | number | readonly string[]

/** Longest ranking that a ledger keeps, in items; each is a key. */
export const MAX_LIST_LENGTH = 10_000

/** True for items in order, each a short text. */
export function isRanking(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MAX_LIST_LENGTH && isListOf(value, isKey)
}

/** Declared classes are keys. */
const isClassOf = ({ classes }: Task, value: unknown): boolean =>
  classes === undefined ? isKey(value) : typeof value === 'string' && classes.includes(value)

const CHECKS: Readonly<Record<TaskKind, (task: Task, value: unknown) => boolean>> = {
  binary: isClassOf,
  multiclass: isClassOf,
  regression: (_, value) => Number.isFinite(value),
  ranking: (_, value) => isRanking(value),
  generation: (_, value) => typeof value === 'string',
}

/** True when the value is one that the task can have. @throws GroundtraceError `invalid-task` */
export function isValueOf(task: Task, value: unknown): value is Value {
  if (!isTask(task)) throw new GroundtraceError('invalid-task', `${quote(task)} is no task`, 'Make it with defineTask')
  return isValueOfKind(task, value)
}

/** As {@link isValueOf}, of a task that is known to be one. */
export function isValueOfKind(task: Task, value: unknown): value is Value {
  return CHECKS[task.kind](task, value)
}

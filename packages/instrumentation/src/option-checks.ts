import { isValueOf, type Task } from '@groundtrace/core'
import { attempt } from './attempt.ts'

// What options are checked by, whatever they are options of.

export const isFunction = (value: unknown): boolean => typeof value === 'function'

export const hasMethod = (value: unknown, method: string): boolean =>
  isFunction((value as Record<string, unknown>)?.[method])

/** True for what is left out, and for what passes. */
export const absentOr =
  (holds: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || holds(value)

/** The name among options that none of them has, as a slip of the pen makes it; undefined where there is none. */
export function unknownOption(options: object, known: readonly string[]): string | undefined {
  return Object.keys(options).find((name) => !known.includes(name))
}

/** What core refuses to judge a value by is no task. */
export const isTask = (task: unknown): boolean => attempt(() => isValueOf(task as Task, '')).succeeded

import {
  enumerated,
  expectedValue,
  GroundtraceError,
  isValueOf,
  quote,
  type Prediction,
  type Task,
} from '@groundtrace/core'
import { sameContent } from '../content.ts'

/** A task as the register keeps it. */
export interface KnownTask {
  readonly id: number
  /** The newest definition. */
  readonly task: Task
}

/** What a prediction's own task comes to in this register. */
export interface TaskReading {
  readonly known: KnownTask
  /** The prediction does not know the classes, so its value was not checked against them. */
  readonly checkValue: boolean
}

/**
 * Tasks in a register up to which predictions may bring others: every process keeps them in memory, and whoever may send a
 * prediction may name one. Declared tasks are taken beyond that too.
 */
export const MOST_TASKS = 1000

/** There is no room for a task that a prediction brings. */
export function noRoomFor({ name }: Task): GroundtraceError {
  return new GroundtraceError(
    'invalid-task',
    `The register has ${MOST_TASKS} tasks, and ${quote(name)} is none of them`,
    'Declare it where the register is opened, or look for what sends so many names',
  )
}

/** Why two definitions of one name can't be the same task. */
function contradiction(known: Task, other: Task): string | undefined {
  if (known.kind !== other.kind) {
    return `Task ${known.name} is kept as ${known.kind} and was now given as ${other.kind}`
  }
  if (known.classes !== undefined && other.classes !== undefined && !sameContent(known.classes, other.classes)) {
    return `Task ${known.name} is kept with classes ${enumerated(known.classes)} and was now given ${enumerated(other.classes)}`
  }
  return undefined
}

function refuse(contradicted: string | undefined): void {
  if (contradicted === undefined) return
  throw new GroundtraceError('invalid-task', contradicted, 'Give the changed task a name of its own')
}

/** The task of a prediction that is appended. @throws GroundtraceError `invalid-task` when it contradicts what is kept */
export function readingOf(known: KnownTask, task: Task): TaskReading {
  refuse(contradiction(known.task, task))
  return { known, checkValue: known.task.classes !== undefined && task.classes === undefined }
}

/** @throws GroundtraceError `invalid-prediction` for a value that the task, as it is kept, does not have */
export function expectValue({ known, checkValue }: TaskReading, value: Prediction['value']): void {
  if (!checkValue || value === undefined || isValueOf(known.task, value)) return
  throw new GroundtraceError(
    'invalid-prediction',
    `${quote(value)} is not a value of task ${known.task.name}`,
    `Pass ${expectedValue(known.task)}`,
  )
}

/** May the definition become the newest? @throws GroundtraceError `invalid-task` when kind or classes changed */
export function expectDeclarable(known: Task, task: Task): void {
  const contradicted =
    contradiction(known, task) ??
    (known.classes !== undefined && task.classes === undefined
      ? `Task ${task.name} is kept with classes and was now given without`
      : undefined)
  refuse(contradicted)
}

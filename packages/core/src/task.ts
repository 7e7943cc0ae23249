import { GroundtraceError } from './errors.ts'
import { quote } from './quote.ts'

/** What a model is asked for; decides what a feedback proves. */
export const TASK_KINDS = ['binary', 'multiclass', 'regression', 'ranking', 'generation'] as const
export type TaskKind = (typeof TASK_KINDS)[number]

/** One answer: a class or a text, a number, or item names in order (ranking). */
export type Value = string | number | readonly string[]

/** The question a model answers, and when its answers count as known. Made by {@link defineTask}. */
export interface Task {
  /** Bounded name, safe as a metric label: letters, digits, `.`, `_`, `-`; at most 64. */
  readonly name: string
  readonly kind: TaskKind
  /** The classes. Binary: exactly two, the negative one first. Absent: not a task of classes, or not declared. */
  readonly classes: readonly string[] | undefined
  /** Seconds after the prediction at which it closes: joined, expired or censored. Default 30 days. */
  readonly horizonSeconds: number
  /** The class that silence until the horizon proves (“no dispute in 90 days”). Default: silence proves nothing. */
  readonly silence: string | undefined
  /** Regression: how far a prediction may be off and still be right, in the unit of the value. Default 0. */
  readonly tolerance: number
  /** Sources that gain from their own corrections, whose corrections are held for confirmation. Default none. */
  readonly gainfulSources: readonly string[]
  /** Actions after which nobody can answer (a blocked mail), unless the prediction was explored. Default none. */
  readonly unobservableActions: readonly string[]
}

/** What {@link defineTask} takes: a name and a kind; the rest has defaults. */
export type TaskDefinition = Pick<Task, 'name' | 'kind'> & Partial<Task>

export const DEFAULT_HORIZON_SECONDS = 30 * 24 * 3600

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** True for a bounded name that may become a metric label. */
export function isName(text: unknown): text is string {
  return typeof text === 'string' && NAME.test(text)
}

/**
 * Declares a task.
 * @throws GroundtraceError `invalid-task` when a part contradicts another: classes of a regression, a silence that is no class
 */
export function defineTask(definition: TaskDefinition): Task {
  const { name, kind, classes } = definition
  const task: Task = {
    name,
    kind,
    classes,
    horizonSeconds: definition.horizonSeconds ?? DEFAULT_HORIZON_SECONDS,
    silence: definition.silence,
    tolerance: definition.tolerance ?? 0,
    gainfulSources: definition.gainfulSources ?? [],
    unobservableActions: definition.unobservableActions ?? [],
  }
  const wrong = faultOf(task)
  if (wrong !== undefined) throw new GroundtraceError('invalid-task', `Task ${quote(name)}: ${wrong[0]}`, wrong[1])
  return Object.freeze(task)
}

function faultOf(task: Task): readonly [cause: string, nextStep: string] | undefined {
  const { classes, kind } = task
  if (!isName(task.name))
    return ['its name is not a bounded word', 'Use 1 to 64 letters, digits, dots, hyphens or underscores']
  if (!TASK_KINDS.includes(kind)) return [`kind ${quote(kind)} is unknown`, `Use one of ${TASK_KINDS.join(', ')}`]
  if (classes !== undefined) {
    if (kind !== 'binary' && kind !== 'multiclass') return [`a ${kind} task has no classes`, 'Leave out classes']
    if (!Array.isArray(classes) || classes.some((label) => typeof label !== 'string' || label === ''))
      return ['a class is not a text', 'Name every class']
    if (new Set(classes).size !== classes.length) return ['a class is named twice', 'Name every class once']
    if (kind === 'binary' && classes.length !== 2)
      return [`a binary task has two classes, not ${classes.length}`, 'Name both, the negative one first']
    if (classes.length < 2) return ['fewer than two classes', 'Name every class']
  }
  if (!(Number.isFinite(task.horizonSeconds) && task.horizonSeconds > 0))
    return [
      `horizonSeconds ${quote(task.horizonSeconds)} is not a positive number`,
      'Give the seconds after which a prediction closes',
    ]
  if (!(Number.isFinite(task.tolerance) && task.tolerance >= 0))
    return [`tolerance ${quote(task.tolerance)} is negative or no number`, 'Give a number from 0']
  if (task.silence !== undefined && classes?.includes(task.silence) !== true)
    return [
      `silence ${quote(task.silence)} is not one of its classes`,
      'Declare the classes, and one of them as silence',
    ]
  return undefined
}

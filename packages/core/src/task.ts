import { GroundtraceError } from './errors.ts'
import { isKey, isName, MAX_KEY_LENGTH } from './key.ts'
import { isListOf, isRecord } from './plain.ts'
import { quote } from './quote.ts'
import { isTime } from './time.ts'

/** What a model is asked for; decides what a feedback proves. */
export const TASK_KINDS = ['binary', 'multiclass', 'regression', 'ranking', 'generation'] as const
export type TaskKind = (typeof TASK_KINDS)[number]

/** The question a model answers, and when its answers count as known. Made by {@link defineTask}. */
export interface Task {
  /** Bounded name, safe as a metric label: letters, digits, `.`, `_`, `-`; at most 64. */
  readonly name: string
  readonly kind: TaskKind
  /** The classes, none in parentheses. Binary: exactly two, the negative one first. Absent: not a task of classes, or not declared. */
  readonly classes: readonly string[] | undefined
  /** Seconds after the prediction at which it closes: joined, expired or censored. Default 30 days. */
  readonly horizonSeconds: number
  /** The class that silence until the horizon proves (“no dispute in 90 days”). Default: silence proves nothing. */
  readonly silence: string | undefined
  /** Regression: how far a prediction may be off and still be right, in the unit of the value. Default 0. */
  readonly tolerance: number
  /**
   * Sources that gain from their own corrections: those, and in a binary task their “wrong”, are held for confirmation.
   * Default none.
   */
  readonly gainfulSources: readonly string[]
  /** Actions after which nobody can answer (a blocked mail), unless the prediction was explored. Default none. */
  readonly unobservableActions: readonly string[]
}

/** What {@link defineTask} takes: a name and a kind; the rest has defaults. */
export type TaskDefinition = Pick<Task, 'name' | 'kind'> & Partial<Task>

export const DEFAULT_HORIZON_SECONDS = 30 * 24 * 3600

type Check = readonly [holds: (task: Task) => boolean, cause: (task: Task) => string, nextStep: string]

/** What figures use where there is no class to name. */
const RESERVED = /^\(.*\)$/s

/** One check a row: what must hold of a task, what is wrong otherwise, and what to do. Later rows rely on earlier ones. */
const CHECKS: readonly Check[] = [
  [
    (t) => isName(t.name),
    () => 'its name is not a bounded word',
    'Use 1 to 64 letters, digits, dots, hyphens or underscores',
  ],
  [
    (t) => TASK_KINDS.includes(t.kind),
    (t) => `kind ${quote(t.kind)} is unknown`,
    `Use one of ${TASK_KINDS.join(', ')}`,
  ],
  [
    (t) => t.classes === undefined || t.kind === 'binary' || t.kind === 'multiclass',
    (t) => `a ${t.kind} task has no classes`,
    'Leave out classes',
  ],
  [
    (t) => t.classes === undefined || isListOf(t.classes, isKey),
    () => 'classes is not a list of short texts',
    `Name every class with 1 to ${MAX_KEY_LENGTH} characters`,
  ],
  [
    (t) => t.classes?.some((label) => RESERVED.test(label)) !== true,
    () => 'a class stands in parentheses',
    'Leave them out: figures use such names for what is no class, like (unknown)',
  ],
  [
    (t) => t.classes === undefined || new Set(t.classes).size === t.classes.length,
    () => 'a class is named twice',
    'Name every class once',
  ],
  [
    (t) => t.classes === undefined || (t.kind === 'binary' ? t.classes.length === 2 : t.classes.length >= 2),
    (t) => `${t.classes?.length} classes are no choice of a ${t.kind} task`,
    'Name both classes of a binary task, the negative one first, and all classes of a multiclass task',
  ],
  [
    (t) => Number.isFinite(t.horizonSeconds) && t.horizonSeconds > 0 && isTime(t.horizonSeconds * 1000),
    (t) => `horizonSeconds ${quote(t.horizonSeconds)} is not a positive number of seconds`,
    'Give the seconds after which a prediction closes',
  ],
  [
    (t) => Number.isFinite(t.tolerance) && t.tolerance >= 0,
    (t) => `tolerance ${quote(t.tolerance)} is negative or no number`,
    'Give a number from 0',
  ],
  [
    (t) => t.silence === undefined || t.classes?.includes(t.silence) === true,
    (t) => `silence ${quote(t.silence)} is not one of its classes`,
    'Declare the classes, and one of them as silence',
  ],
  [
    (t) => isListOf(t.gainfulSources, isName),
    () => 'gainfulSources is not a list of bounded words',
    'List the sources as their feedback names them',
  ],
  [
    (t) => isListOf(t.unobservableActions, isKey),
    () => 'unobservableActions is not a list of short texts',
    'List the actions as the policy of a prediction names them',
  ],
]

/** What `defineTask` made: nobody can change it. */
const defined = new WeakSet<object>()

/**
 * Declares a task. The task is frozen and keeps copies of the lists.
 * @throws GroundtraceError `invalid-task` when a part is missing, unknown or contradicts another: classes of a regression, a
 * silence that is no class
 */
export function defineTask(definition: TaskDefinition): Task {
  const given: Partial<Task> = definition ?? {}
  const task = {
    name: given.name,
    kind: given.kind,
    classes: given.classes,
    horizonSeconds: given.horizonSeconds ?? DEFAULT_HORIZON_SECONDS,
    silence: given.silence,
    tolerance: given.tolerance ?? 0,
    gainfulSources: given.gainfulSources ?? [],
    unobservableActions: given.unobservableActions ?? [],
  } as Task
  // A misspelt option would be the default without a word.
  const unknown = isRecord(given) ? Object.keys(given).find((field) => !Object.hasOwn(task, field)) : undefined
  if (unknown !== undefined) {
    throw new GroundtraceError(
      'invalid-task',
      `Task ${quote(task.name)}: field ${quote(unknown)} is unknown`,
      `Use ${Object.keys(task).join(', ')}`,
    )
  }
  const failed = CHECKS.find(([holds]) => !holds(task))
  if (failed !== undefined) {
    throw new GroundtraceError('invalid-task', `Task ${quote(task.name)}: ${failed[1](task)}`, failed[2])
  }
  const made = Object.freeze({
    ...task,
    classes: task.classes && Object.freeze([...task.classes]),
    gainfulSources: Object.freeze([...task.gainfulSources]),
    unobservableActions: Object.freeze([...task.unobservableActions]),
  })
  defined.add(made)
  return made
}

/** True for what {@link defineTask} made, also after a way through JSON. Looks at shapes only: it costs the same for any task. */
export function isTask(value: unknown): value is Task {
  if (typeof value !== 'object' || value === null) return false
  if (defined.has(value)) return true
  const { name, kind, classes, horizonSeconds, tolerance, gainfulSources, unobservableActions } = value as Task
  return (
    isName(name) &&
    TASK_KINDS.includes(kind) &&
    (classes === undefined || Array.isArray(classes)) &&
    Number.isFinite(horizonSeconds) &&
    Number.isFinite(tolerance) &&
    Array.isArray(gainfulSources) &&
    Array.isArray(unobservableActions)
  )
}

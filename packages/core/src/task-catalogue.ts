import { GroundtraceError } from './errors.ts'
import { isListOf } from './plain.ts'
import { quote } from './quote.ts'
import { isTask, type Task } from './task.ts'

/** The tasks that a reader of events knows, by name. */
export type TaskCatalogue = ReadonlyMap<string, Task>

/** The tasks by name. @throws GroundtraceError `invalid-task` when one is none or two share a name */
export function taskCatalogue(tasks: readonly Task[]): TaskCatalogue {
  if (!isListOf(tasks, isTask)) {
    throw new GroundtraceError('invalid-task', `${quote(tasks)} is no list of tasks`, 'Make each with defineTask')
  }
  const catalogue = new Map(tasks.map((task) => [task.name, task]))
  if (catalogue.size !== tasks.length) {
    throw new GroundtraceError('invalid-task', 'Two tasks share a name', 'Declare every task once')
  }
  return catalogue
}

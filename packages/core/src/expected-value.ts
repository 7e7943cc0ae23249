import { enumerated } from './quote.ts'
import type { Task } from './task.ts'

/** What a value of a task is, for a message that says what to send: the task's classes where it has some. */
export function expectedValue({ classes, kind }: Task): string {
  return classes === undefined ? `a value of a ${kind} task` : `one of ${enumerated(classes)}`
}

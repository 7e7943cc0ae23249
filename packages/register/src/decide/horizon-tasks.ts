import { defineTask, type Task } from '@groundtrace/core'
import { Remembered } from './remembered.ts'

/** Definitions that are remembered: predictions bring their horizon, and may bring any number of different ones. */
const MOST = 1000

/** Tasks with the horizons that predictions were made with: the same object again, so that pages hold each once. */
export interface HorizonTasks {
  /** @param newest the newest definition of the task of that ID */
  of(id: number, horizonSeconds: number, newest: Task): Task
  /** When definitions changed. */
  clear(): void
}

export function horizonTasks(): HorizonTasks {
  const remembered = new Remembered<string, Task>(MOST)
  return {
    of(id, horizonSeconds, newest) {
      const key = `${id} ${horizonSeconds}`
      const known = remembered.get(key)
      if (known !== undefined) return known
      const task = newest.horizonSeconds === horizonSeconds ? newest : defineTask({ ...newest, horizonSeconds })
      remembered.set(key, task)
      return task
    },
    clear: () => remembered.clear(),
  }
}

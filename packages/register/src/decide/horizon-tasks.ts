import { defineTask, type Task } from '@groundtrace/core'

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
  const remembered = new Map<string, Task>()
  return {
    of(id, horizonSeconds, newest) {
      const key = `${id} ${horizonSeconds}`
      const known = remembered.get(key)
      if (known !== undefined) return known
      const task = newest.horizonSeconds === horizonSeconds ? newest : defineTask({ ...newest, horizonSeconds })
      // All at once: to keep those in use costs more than to make them again.
      if (remembered.size >= MOST) remembered.clear()
      remembered.set(key, task)
      return task
    },
    clear: () => remembered.clear(),
  }
}

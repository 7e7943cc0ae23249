import type { Register } from '@groundtrace/core'
import { keeping, type Keeper } from './keeper.ts'

/** How long predictions are kept, in milliseconds from their event time. */
export interface Retention {
  /** Of tasks that are not named. Default: for ever. */
  readonly others?: number
  readonly byTask: ReadonlyMap<string, number>
}

/** Predictions pruned in one go; the register takes them in smaller steps, and lets others in between. */
const GO = 5000

/** An hour: nobody counts on a line to go sooner. */
const SECONDS = 3600

/**
 * Prunes what is older than the tasks of the register are kept, now and then every hour.
 * @param now the clock that ages are counted from
 */
export function keepRetention(
  register: Register,
  { others, byTask }: Retention,
  onError: (error: unknown) => void,
  now: () => number = Date.now,
  seconds = SECONDS,
): Keeper {
  async function prune(stopping: AbortSignal): Promise<boolean> {
    let isMore = false
    for (const { name } of await register.tasks()) {
      const age = byTask.get(name) ?? others
      if (stopping.aborted) break
      if (age === undefined) continue
      isMore = (await register.prune({ before: now() - age, task: name, limit: GO })) === GO || isMore
    }
    return isMore
  }
  return keeping(seconds, prune, onError)
}

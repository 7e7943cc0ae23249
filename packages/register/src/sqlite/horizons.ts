import type { Predictions } from './predictions.ts'
import type { Settling } from './settle.ts'
import type { Store } from './store.ts'

/** Predictions closed in one transaction. */
const STEP = 500

/** The last moment that a date can tell (ECMA-262): a horizon beyond it never comes. */
const END_OF_TIME = 8.64e15

/** Writes the horizon lines that are due, in order of horizon, at most `limit`. @returns how many */
export type CloseDue = (now: number, limit: number) => number

/** Closing in bounded steps; each is a transaction of its own. */
export function closing(store: Store, predictions: Predictions, settling: Settling): CloseDue {
  const selectDue = store.prepare(`
    SELECT position FROM predictions WHERE closed = 0 AND time + horizon_seconds * 1000 <= ?
    ORDER BY time + horizon_seconds * 1000, position LIMIT ?`)
  return (now, limit) =>
    store.write(() => {
      const due = selectDue.all(Math.min(now, END_OF_TIME), Math.min(limit, STEP))
      for (const row of due) settling.close(predictions.subjectAt(row['position'] as number))
      return due.length
    })
}

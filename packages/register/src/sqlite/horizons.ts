import type { Predictions } from './predictions.ts'
import type { Settling } from './settle.ts'
import type { Store } from './store.ts'

/** Predictions closed in one transaction. */
const STEP = 500

/** Feedback that is looked at in one transaction, about: what a flood said of a few predictions takes as long as many do. */
const STEP_LINES = 10_000

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
      let lines = 0
      let closed = 0
      for (const row of due) {
        const position = row['position'] as number
        lines += settling.close(position, () => predictions.subjectAt(position))
        closed += 1
        if (lines >= STEP_LINES) break
      }
      return closed
    })
}

import type { Predictions } from './predictions.ts'
import type { Settling } from '../decide/settle.ts'
import type { Store } from './store.ts'

/** Predictions closed in one transaction. */
const STEP = 500

/** Feedback that is looked at in one transaction, about: what a flood said of a few predictions takes as long as many do. */
const STEP_LINES = 10_000

/** The last moment that a date can tell (ECMA-262): a horizon beyond it never comes. */
const END_OF_TIME = 8.64e15

export interface Horizons {
  /** Writes the horizon lines that are due, in order of horizon, at most `limit`. @returns how many */
  close(now: number, limit: number): number
  /** The earliest horizon of a prediction that is not closed; undefined when there is none. */
  next(): number | undefined
}

/** Closing in bounded steps; each is a transaction of its own. */
export function horizonsOf(store: Store, predictions: Predictions, settling: Settling): Horizons {
  const selectDue = store.prepare(`
    SELECT position, time + horizon_seconds * 1000 AS horizon FROM predictions
    WHERE closed = 0 AND time + horizon_seconds * 1000 <= ?
    ORDER BY time + horizon_seconds * 1000, position LIMIT ?`)
  const due = (now: number, limit: number) => selectDue.all(Math.min(now, END_OF_TIME), limit)

  return {
    close: (now, limit) =>
      store.write(() => {
        let lines = 0
        let closed = 0
        for (const row of due(now, Math.min(limit, STEP))) {
          const position = row['position'] as number
          lines += settling.close(position, () => predictions.subjectAt(position))
          closed += 1
          if (lines >= STEP_LINES) break
        }
        return closed
      }),
    next: () => due(END_OF_TIME, 1)[0]?.['horizon'] as number | undefined,
  }
}

import type { Settling } from '../decide/settle.ts'
import type { OpenBlocks } from './open-blocks.ts'
import type { Predictions } from './predictions.ts'
import type { Store } from './store.ts'

/** Predictions closed in one transaction. */
const STEP = 500

/** Feedback that is looked at in one transaction, about: what a flood said of a few predictions takes as long as many do. */
const STEP_LINES = 10_000

/** The last moment that a date can tell (ECMA-262): a horizon beyond it never comes. */
const END_OF_TIME = 8.64e15

export interface Horizons {
  /** Writes horizon lines that are due, at most `limit`: those that were appended together in order of horizon. @returns how many */
  close(now: number, limit: number): number
  /** The earliest horizon of a prediction that is not closed; undefined when there is none. */
  next(): number | undefined
}

interface Parts {
  readonly blocks: OpenBlocks
  readonly predictions: Predictions
  readonly settling: Settling
}

/** Closing in bounded steps; each is a transaction of its own. */
export function horizonsOf(store: Store, { blocks, predictions, settling }: Parts): Horizons {
  function step(now: number, most: number): number {
    let lines = 0
    let closed = 0
    while (closed < most && lines < STEP_LINES) {
      const due = blocks.due(now, most - closed)
      const [first] = due
      if (first === undefined) break
      for (const { position } of due) {
        lines += settling.close(position, () => predictions.subjectAt(position))
        closed += 1
        if (lines >= STEP_LINES) break
      }
      blocks.settle(first.position)
    }
    return closed
  }

  return {
    close: (now, limit) => store.write(() => step(Math.min(now, END_OF_TIME), Math.min(limit, STEP))),
    next: () => blocks.earliest(END_OF_TIME),
  }
}

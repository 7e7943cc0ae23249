import type { Feedback, LineageLine, Prediction, Receipt, Register } from '@groundtrace/core'
import { gathered } from './gathered.ts'

/** What one request brought. */
export interface Lines {
  readonly predictions: readonly Prediction[]
  readonly feedback: readonly Feedback[]
  readonly deployments: readonly LineageLine[]
}

export type Receipts = { readonly [kind in keyof Lines]: readonly Receipt[] }

/** Lines of one call: as many as a register holds everybody else up for without being noticed. */
const GO = 500

type Append<T> = (lines: readonly T[]) => Promise<readonly Receipt[]>

/** Appends however many lines in goes, gathered with those of other requests. */
function inGoes<T>(append: Append<T>): Append<T> {
  const go = gathered(append, GO)
  return async (lines) => {
    const receipts: Receipt[] = []
    for (let start = 0; start < lines.length; start += GO) receipts.push(...(await go(lines.slice(start, start + GO))))
    return receipts
  }
}

/** Stores what requests bring. */
export interface LineStore {
  readonly appendFeedback: Append<Feedback>
  /**
   * Appends predictions, then the feedback that may be on them, then deployments. When it rejects, some lines may be stored:
   * whoever sends all of them again is told `duplicate` for those.
   */
  readonly append: (lines: Lines) => Promise<Receipts>
}

export function lineStore(register: Register): LineStore {
  const appendPredictions = inGoes<Prediction>(async (lines) => await register.appendPredictions(lines))
  const appendFeedback = inGoes<Feedback>(async (lines) => await register.appendFeedback(lines))
  const appendLineage = inGoes<LineageLine>(async (lines) => await register.appendLineage(lines))
  return {
    appendFeedback,
    append: async ({ predictions, feedback, deployments }) => ({
      predictions: await appendPredictions(predictions),
      feedback: await appendFeedback(feedback),
      deployments: await appendLineage(deployments),
    }),
  }
}

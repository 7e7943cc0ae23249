import type { Feedback, LineageLine, Prediction, Receipt, Register } from '@groundtrace/core'

/** What one request brought. */
export interface Lines {
  readonly predictions: readonly Prediction[]
  readonly feedback: readonly Feedback[]
  readonly deployments: readonly LineageLine[]
}

export interface Receipts {
  readonly predictions: readonly Receipt[]
  readonly feedback: readonly Receipt[]
  readonly deployments: readonly Receipt[]
}

/** Lines appended in one go: each go holds a register that writes in this thread for about 40 µs a line. */
const GO = 500

async function inGoes<T>(
  lines: readonly T[],
  append: (lines: readonly T[]) => Promise<readonly Receipt[]>,
): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = []
  for (let start = 0; start < lines.length; start += GO) {
    receipts.push(...(await append(lines.slice(start, start + GO))))
  }
  return receipts
}

/**
 * Appends predictions, then the feedback that may be on them, then deployments. When it rejects, some lines may be stored: whoever sends all of
 * them again is told `duplicate` for those.
 */
export async function storeLines(register: Register, lines: Lines): Promise<Receipts> {
  const { predictions, feedback, deployments } = lines
  return {
    predictions: await inGoes(predictions, async (some) => await register.appendPredictions(some)),
    feedback: await inGoes(feedback, async (some) => await register.appendFeedback(some)),
    deployments: await inGoes(deployments, async (some) => await register.appendLineage(some)),
  }
}

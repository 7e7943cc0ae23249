import { checkedFeedback, type Feedback, type Receipt } from '@groundtrace/core'
import type { Database } from './database.ts'
import type { InTransaction } from './decisions.ts'
import { Needs } from './needs.ts'
import { writing } from './write.ts'

/** Appends feedback; one receipt a line, in order. */
export type AppendFeedback = (feedback: readonly Feedback[]) => Promise<readonly Receipt[]>

/** What a batch most likely needs; of a line that is none, nothing. */
function needsOf(feedback: readonly Feedback[]): Needs {
  const needs = new Needs()
  for (const line of feedback) {
    try {
      needs.addFeedback(checkedFeedback(line))
    } catch {
      // Its receipt will say why.
    }
  }
  return needs
}

export function appendingFeedback(database: Database, inTransaction: InTransaction): AppendFeedback {
  const write = writing(database)
  return async (feedback) => {
    if (feedback.length === 0) return []
    const recorded = database.now()
    return await inTransaction({
      recorded,
      needs: needsOf(feedback),
      find: async () => undefined,
      brought: () => ({}),
      decide({ join }, attempt) {
        const receipts: Receipt[] = []
        for (const line of feedback) attempt(() => receipts.push(...join.append([line], recorded)))
        return receipts
      },
      write: (connection, changes) => write(connection, { recorded, predictions: [], changes }),
    })
  }
}

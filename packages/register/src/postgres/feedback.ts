import { checkedFeedback, isKey, type Feedback, type Receipt } from '@groundtrace/core'
import { usersOf, type ConsentTable } from './consent.ts'
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

/** It may be no feedback at all; its receipt will say so. */
const namesUser = (line: Feedback | null | undefined): line is Feedback => isKey(line?.user)

export function appendingFeedback(
  database: Database,
  inTransaction: InTransaction,
  consent: ConsentTable,
): AppendFeedback {
  const write = writing(database)
  return async (feedback) => {
    if (feedback.length === 0) return []
    const recorded = database.now()
    return await inTransaction({
      recorded,
      needs: needsOf(feedback),
      find: (connection) => consent.withdrawnAmong(connection, usersOf(feedback.filter(namesUser))),
      brought: (withdrawn) => ({ withdrawn }),
      decide({ join }, attempt) {
        const receipts: Receipt[] = []
        for (const line of feedback) attempt(() => receipts.push(...join.append([line], recorded)))
        return receipts
      },
      write: (connection, changes) => write(connection, { recorded, predictions: [], changes }),
    })
  }
}

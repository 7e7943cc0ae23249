import type { Feedback, Receipt } from '@groundtrace/core'
import { draftsOf } from '../decide/join.ts'
import { usersOf, type ConsentTable } from './consent.ts'
import type { Database } from './database.ts'
import type { InTransaction } from './decisions.ts'
import { Needs } from './needs.ts'
import { writing } from './write.ts'

/** Appends feedback; one receipt a line, in order. */
export type AppendFeedback = (feedback: readonly Feedback[]) => Promise<readonly Receipt[]>

/** What a batch most likely needs. */
function needsOf(feedback: readonly Feedback[]): Needs {
  const needs = new Needs()
  for (const line of feedback) needs.addFeedback(line)
  return needs
}

export function appendingFeedback(
  database: Database,
  inTransaction: InTransaction,
  consent: ConsentTable,
): AppendFeedback {
  const write = writing(database)
  return async (feedback) => {
    if (feedback.length === 0) return []
    const recorded = database.now()
    const drafts = draftsOf(feedback, recorded)
    const lines = drafts.flatMap((draft) => ('status' in draft ? [] : [draft.feedback]))
    return await inTransaction({
      recorded,
      needs: needsOf(lines),
      find: (connection) => consent.withdrawnAmong(connection, usersOf(lines)),
      brought: (withdrawn) => ({ withdrawn }),
      decide({ join }, attempt) {
        const receipts: Receipt[] = []
        for (const draft of drafts) attempt(() => receipts.push(...join.append([draft])))
        return receipts
      },
      write: (connection, changes) => write(connection, { recorded, predictions: [], changes }),
    })
  }
}

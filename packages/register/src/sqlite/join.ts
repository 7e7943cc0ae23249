import { checkedFeedback, unfit, type Feedback, type Receipt } from '@groundtrace/core'
import { replacedBy } from '../feedback-payload.ts'
import { claimedId, conflictReason, receipt, refusal } from '../receipt.ts'
import { decodeFeedback, draftFeedback, keepsSame, type FeedbackDraft } from './feedback-row.ts'
import type { FeedbackLedger } from './feedback-ledger.ts'
import type { Pen, PenRow } from './pen.ts'
import type { Place } from './place.ts'
import type { Settling } from './settle.ts'
import type { Tallies } from './tallies.ts'

export interface Joining {
  append(feedback: readonly Feedback[]): readonly Receipt[]
  /** Joins what waited for predictions after this position. */
  callIn(position: number): void
}

interface Parts {
  readonly ledger: FeedbackLedger
  readonly pen: Pen
  readonly place: (feedback: Feedback) => Place
  readonly settling: Settling
  readonly tallies: Tallies
}

export function joining({ ledger, pen, place, settling, tallies }: Parts): Joining {
  /** The place of a feedback that also fits there. */
  function fittingPlace(feedback: Feedback): Place {
    const found = place(feedback)
    const reason = found.kind === 'prediction' ? unfit(found.subject.prediction, feedback) : undefined
    return reason === undefined ? found : { kind: 'nowhere', reason }
  }

  function appendOne(draft: FeedbackDraft): Receipt {
    const { feedback } = draft
    const { id } = feedback
    const row = ledger.row(id) ?? (pen.empty() ? undefined : pen.row(id))
    if (row !== undefined) {
      if (keepsSame(row, feedback)) return receipt(id, 'duplicate')
      return receipt(id, 'conflict', conflictReason('feedback'))
    }
    const found = fittingPlace(feedback)
    if (found.kind === 'nowhere') return receipt(id, 'rejected', found.reason)
    const kept = ledger.keep(draft)
    if (found.kind === 'pen') {
      pen.put(kept)
      return receipt(id, 'orphaned')
    }
    const held = settling.join(found.subject, kept)
    callInKin(feedback)
    return receipt(id, held ? 'held' : 'stored')
  }

  /** Tries the place of a line in the pen again. @returns whether it left */
  function retry(row: PenRow): boolean {
    // Another one of this round may have called it in.
    if (pen.row(row.id) === undefined) return false
    const feedback = decodeFeedback(row)
    const found = fittingPlace(feedback)
    if (found.kind === 'pen') return false
    pen.take(row)
    if (found.kind === 'nowhere') {
      ledger.dropPayload(row.payload)
      tallies.add('feedback.rejected', 1)
      return true
    }
    const { line_json: lineJson, payload, recorded } = row
    settling.join(found.subject, { feedback, lineJson, payload, recorded })
    return true
  }

  /** A line that left the pen, or never was in it, may decide the place of those it is tied to. */
  function callInKin(feedback: Feedback): void {
    const queue = [feedback]
    for (let next = queue.pop(); next !== undefined && !pen.empty(); next = queue.pop()) {
      const earlier = replacedBy(next)
      const waiting = earlier === undefined ? undefined : pen.row(earlier)
      const kin = [...(waiting === undefined ? [] : [waiting]), ...pen.replacing(next.id)]
      queue.push(...kin.filter(retry).map(decodeFeedback))
    }
  }

  return {
    append: (feedback) =>
      feedback.map((line) => {
        const draft = draftOf(line)
        const answer = 'status' in draft ? draft : appendOne(draft)
        const { status } = answer
        if (status === 'duplicate' || status === 'conflict' || status === 'rejected') {
          tallies.add(`feedback.${status}`, 1)
        }
        return answer
      }),
    callIn(position) {
      if (pen.empty()) return
      for (const row of pen.calledBy(position)) if (retry(row)) callInKin(decodeFeedback(row))
    },
  }
}

/** The line ready to be written, or why it can't be. */
function draftOf(line: Feedback): FeedbackDraft | Receipt {
  try {
    return draftFeedback(checkedFeedback(line))
  } catch (error) {
    return receipt(claimedId(line), 'rejected', refusal(error))
  }
}

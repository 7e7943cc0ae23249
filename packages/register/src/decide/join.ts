import { checkedFeedback, unfit, type Feedback, type Receipt } from '@groundtrace/core'
import { replacedBy } from '../feedback-payload.ts'
import { conflictReason, receipt, unread } from '../receipt.ts'
import { decodeFeedback, draftFeedback, keepsSame, withheldDraft, type FeedbackDraft } from '../feedback-row.ts'
import {
  MAX_WAITING,
  type Consent,
  type FeedbackLedger,
  type KeptFeedback,
  type Pen,
  type PenRow,
  type Tallies,
  type UnlessStoreFailed,
} from './books.ts'
import type { Place } from './place.ts'
import { MAX_ANSWERS, type Settling } from './settle.ts'

/** A line that is ready to be written, or why it can't be. */
export type DraftedFeedback = FeedbackDraft | Receipt

export interface Joining {
  /** One receipt a line, in order. */
  append(lines: readonly DraftedFeedback[]): readonly Receipt[]
  /** Joins what waited for predictions after this position. */
  callIn(position: number): void
}

interface Parts {
  readonly ledger: FeedbackLedger
  readonly pen: Pen
  readonly place: (feedback: Feedback) => Place
  readonly settling: Settling
  readonly tallies: Tallies
  readonly consent: Consent
  readonly unlessStoreFailed: UnlessStoreFailed
}

const FULL = `The prediction has more than ${MAX_ANSWERS} answers and takes no more. Look for what sends so many.`
const PEN_FULL = `${MAX_WAITING} lines wait for this prediction already. Send feedback after its prediction, or look for what sends so much.`
const DAMAGED =
  'What is kept of this prediction can not be read. Restore the register from a backup, and send it again.'

export function joining({ ledger, pen, place, settling, tallies, consent, unlessStoreFailed }: Parts): Joining {
  /** The place of a feedback that also fits there and finds room. */
  function fittingPlace(feedback: Feedback): Place {
    const found = place(feedback)
    if (found.kind !== 'prediction') return found
    const { subject } = found
    const reason = unfit(subject.prediction, feedback) ?? (settling.full(subject, feedback) ? FULL : undefined)
    return reason === undefined ? found : { kind: 'nowhere', reason }
  }

  /** Notes that a payload is not kept, when the line is. */
  function keep(draft: FeedbackDraft, withheld: boolean): KeptFeedback {
    if (withheld) tallies.add('payloads.withheld', 1)
    return ledger.keep(draft)
  }

  function appendOne(given: FeedbackDraft): Receipt {
    const { id, user } = given.feedback
    const withheld = user !== undefined && consent.isWithdrawn(user)
    const draft = withheld ? withheldDraft(given) : given
    const { feedback } = draft
    const row = ledger.row(id) ?? (pen.empty() ? undefined : pen.row(id))
    if (row !== undefined) {
      if (keepsSame(row, given.feedback)) return receipt(id, 'duplicate')
      return receipt(id, 'conflict', conflictReason('feedback'))
    }
    const found = fittingPlace(feedback)
    if (found.kind === 'nowhere') return receipt(id, 'rejected', found.reason)
    if (found.kind === 'pen' && pen.full(feedback.target)) return receipt(id, 'rejected', PEN_FULL)
    const kept = keep(draft, withheld)
    if (found.kind === 'pen') {
      pen.put(kept)
      return receipt(id, 'orphaned')
    }
    return unlessStoreFailed(
      () => receipt(id, settling.join(found.subject, kept) ? 'held' : 'stored'),
      () => {
        ledger.dropPayload(kept.payload)
        return receipt(id, 'rejected', DAMAGED)
      },
    )
  }

  function appended(draft: DraftedFeedback): Receipt {
    if ('status' in draft) return draft
    const answer = unlessStoreFailed(
      () => appendOne(draft),
      () => receipt(draft.feedback.id, 'rejected', DAMAGED),
    )
    if (answer.status === 'stored' || answer.status === 'held') callInKin(draft.feedback)
    return answer
  }

  function refuse(row: PenRow): true {
    if (pen.row(row.id) !== undefined) pen.take(row)
    ledger.dropPayload(row.payload)
    tallies.add('feedback.rejected', 1)
    return true
  }

  /** Tries the place of a line in the pen again. @returns whether it left */
  function retry(row: PenRow): boolean {
    // Another one of this round may have called it in.
    if (pen.row(row.id) === undefined) return false
    return unlessStoreFailed(
      () => retryOne(row),
      () => refuse(row),
    )
  }

  function retryOne(row: PenRow): boolean {
    const feedback = decodeFeedback(row)
    const found = fittingPlace(feedback)
    if (found.kind === 'pen') return false
    if (found.kind === 'nowhere') return refuse(row)
    pen.take(row)
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
    append: (lines) =>
      lines.map((line) => {
        const answer = appended(line)
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

/** Checks lines, once. @param now the clock of the register, in milliseconds since 1970 */
export function draftsOf(lines: readonly Feedback[], now: number): readonly DraftedFeedback[] {
  return lines.map((line) => draftOf(line, now))
}

function draftOf(line: Feedback, now: number): DraftedFeedback {
  try {
    return draftFeedback(checkedFeedback(line, now))
  } catch (error) {
    return unread(line, error)
  }
}

import { quote, type Feedback, type FeedbackTarget, type JoinedFeedback, type Register } from '@groundtrace/core'
import type { LedgerFilter } from './ledger-filter.ts'
import { printLedger } from './ledger-listing.ts'
import type { LineWriter } from './line-writer.ts'
import { iso, oneLine, saying, wordsOf } from './trace-text.ts'
import { shownFeedback } from './without-payload.ts'

/** What is asked of feedback that waits: nothing that only its prediction would tell. */
export interface WaitingFilter extends Pick<LedgerFilter, 'since' | 'until' | 'limit'> {
  readonly json?: true
  /** With users, comments and harm reports. */
  readonly payload?: true
  readonly source?: string
  readonly kind?: Feedback['kind']
}

/** The prediction that is meant, in words. */
function targetText(target: FeedbackTarget): string {
  return 'prediction' in target ? target.prediction : `${oneLine(target.task)} by the key ${quote(target.entity)}`
}

function passes({ feedback }: JoinedFeedback, filter: WaitingFilter): boolean {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY, source, kind } = filter
  return (
    feedback.time >= since &&
    feedback.time < until &&
    (source === undefined || feedback.source === source) &&
    (kind === undefined || feedback.kind === kind)
  )
}

/** Prints feedback whose prediction has not come, in the order in which it came. @returns how many */
export async function printWaiting(
  register: Pick<Register, 'waiting'>,
  filter: WaitingFilter,
  write: LineWriter,
): Promise<number> {
  const { json = false, payload = false, limit = Number.POSITIVE_INFINITY } = filter
  return await printLedger(
    {
      page: (after) => register.waiting({ after }),
      keeps: (line) => passes(line, filter),
      limit,
      json,
      object: ({ feedback, ...rest }) => ({ feedback: shownFeedback(feedback, payload), ...rest }),
      headings: ['time', 'feedback', 'waits for', 'source', 'said', ...(payload ? ['user', 'words'] : [])],
      cells: ({ feedback }) => [
        iso(feedback.time),
        feedback.id,
        targetText(feedback.target),
        oneLine(feedback.source),
        oneLine(saying(feedback)),
        ...(payload ? [oneLine(feedback.user ?? ''), oneLine(wordsOf(feedback))] : []),
      ],
    },
    write,
  )
}

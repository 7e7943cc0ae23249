import type { Feedback, Verdict } from '@groundtrace/core'
import { afterFeedback, atHorizon, isInert, verdictOf, type Standing, type Step } from '../outcome-line.ts'
import type { FeedbackLedger, KeptFeedback } from './feedback-ledger.ts'
import type { Outcomes } from './outcomes.ts'
import type { Subject } from './predictions.ts'
import type { Store } from './store.ts'
import type { Tallies } from './tallies.ts'

/** One prediction and all that was said about it, while a transaction works on it. */
interface Case {
  readonly subject: Subject
  readonly lines: { readonly feedback: Feedback; readonly position: number; held: boolean }[]
  version: number
  verdict: Verdict | undefined
}

export interface Settling {
  /** Joins a feedback to its prediction and writes the outcome line that follows, if any. @returns whether it is held */
  join(subject: Subject, kept: KeptFeedback): boolean
  /** Writes the horizon line of a prediction. */
  close(subject: Subject): void
}

export function settling(store: Store, ledger: FeedbackLedger, outcomes: Outcomes, tallies: Tallies): Settling {
  const cases = new Map<number, Case>()
  const forget = (): void => cases.clear()
  store.onStale(forget)
  store.beforeCommit(forget)

  function caseOf(subject: Subject): Case {
    const { position, outcomeVersion } = subject
    const known = cases.get(position)
    if (known !== undefined) return known
    const opened: Case = {
      subject,
      lines: ledger.linesOn(position),
      version: outcomeVersion,
      verdict: outcomes.verdict(position, outcomeVersion),
    }
    cases.set(position, opened)
    return opened
  }

  function standingOf({ subject, lines, version, verdict }: Case, next: readonly Feedback[] = []): Standing {
    const { prediction, closed } = subject
    return { prediction, feedback: [...lines.map((line) => line.feedback), ...next], version, verdict, closed }
  }

  function write(current: Case, outcome: Step['outcome']): void {
    if (outcome === undefined) return
    outcomes.write(current.subject.position, outcome)
    current.version = outcome.version
    current.verdict = verdictOf(outcome)
  }

  /** What was held may have been taken back. */
  function release(current: Case, held: ReadonlySet<string>): void {
    for (const line of current.lines) {
      const now = held.has(line.feedback.id)
      if (now === line.held) continue
      ledger.hold(line.position, now)
      tallies.add('feedback.held', now ? 1 : -1)
      line.held = now
    }
  }

  return {
    join(subject, kept) {
      const { feedback } = kept
      tallies.add('feedback.joined', 1)
      if (isInert(subject.prediction, feedback)) {
        const position = ledger.insert(subject.position, kept, false)
        cases.get(subject.position)?.lines.push({ feedback, position, held: false })
        return false
      }
      const current = caseOf(subject)
      const { outcome, resolution } = afterFeedback(standingOf(current, [feedback]))
      const ids = new Set<string>(resolution.held)
      const held = ids.has(feedback.id)
      const position = ledger.insert(subject.position, kept, held)
      if (held) tallies.add('feedback.held', 1)
      current.lines.push({ feedback, position, held })
      release(current, ids)
      write(current, outcome)
      return held
    },
    close(subject) {
      const current = caseOf(subject)
      write(current, atHorizon(standingOf(current)).outcome)
    },
  }
}

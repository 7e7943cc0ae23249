import type { Feedback, Outcome, Verdict } from '@groundtrace/core'
import { addsNothing, afterFeedback, atHorizon, isInert, verdictOf, type Standing, type Step } from '../outcome-line.ts'
import { replacedBy } from '../feedback-payload.ts'
import type { FeedbackLedger, KeptFeedback, Outcomes, Subject, Tallies, UnlessStoreFailed } from './books.ts'

/** Feedback that one prediction takes of what may change its verdict: each line may have to be held against all others. */
export const MAX_ANSWERS = 1000
/** Feedback that one prediction takes in all. */
const MAX_LINES = 10_000

/** Under this reason the loss ledger counts a prediction that can't be closed, because what is kept of it is damaged. */
const UNSETTLED = 'prediction-unsettled'

/** One prediction and what was said about it that may change its verdict, while a transaction works on it. */
interface Case {
  readonly subject: Subject
  readonly lines: { readonly feedback: Feedback; readonly position: number; held: boolean }[]
  /** Event time of the latest feedback of all. */
  latest: number
  /** What the lines take back or replace. */
  readonly replaced: Set<string | undefined>
  version: number
  verdict: Verdict | undefined
  /** The verdict is that of the lines, by the task as it is defined now. */
  resolved: boolean
}

export interface Settling {
  /** The prediction has so much feedback that it does not take this too. */
  full(subject: Subject, feedback: Feedback): boolean
  /** Joins a feedback to its prediction and writes the outcome line that follows, if any. @returns whether it is held */
  join(subject: Subject, kept: KeptFeedback): boolean
  /** Writes the horizon line of a prediction. @returns on how many lines it rests */
  close(position: number, subject: () => Subject): number
  /** Forgets what was read and noted: at the end of a transaction, and whenever it may no longer hold. */
  readonly forget: () => void
}

interface Parts {
  readonly ledger: FeedbackLedger
  readonly outcomes: Outcomes
  readonly tallies: Tallies
  readonly unlessStoreFailed: UnlessStoreFailed
}

export function settling({ ledger, outcomes, tallies, unlessStoreFailed }: Parts): Settling {
  const cases = new Map<number, Case>()
  /** How much joined a prediction in all. */
  const sizes = new Map<number, number>()

  function caseOf(subject: Subject): Case {
    const { position, outcomeVersion, prediction } = subject
    const known = cases.get(position)
    if (known !== undefined) return known
    const { lines: all, latest } = ledger.linesOn(position)
    const lines = all.filter(({ feedback }) => !isInert(prediction, feedback))
    const opened: Case = {
      subject,
      lines,
      latest,
      replaced: new Set(lines.map(({ feedback }) => replacedBy(feedback))),
      version: outcomeVersion,
      verdict: outcomes.verdict(position, outcomeVersion),
      resolved: false,
    }
    cases.set(position, opened)
    return opened
  }

  function standingOf({ subject, lines, latest, version, verdict }: Case, next?: Feedback): Standing {
    const { prediction, closed } = subject
    const feedback = lines.map((line) => line.feedback)
    if (next === undefined) return { prediction, feedback, latest, version, verdict, closed }
    feedback.push(next)
    return { prediction, feedback, latest: Math.max(latest, next.time), version, verdict, closed }
  }

  /** A member is no prediction of its own in any total. */
  function tally({ subject }: Case, { state, replaces }: Outcome): void {
    if (subject.prediction.whole !== undefined) return
    if (replaces === undefined) tallies.add('predictions.with-outcome', 1)
    else tallies.add(`outcomes.${replaces.state}`, -1)
    tallies.add(`outcomes.${state}`, 1)
  }

  function write(current: Case, outcome: Step['outcome']): void {
    current.resolved = true
    if (outcome === undefined) return
    outcomes.write(current.subject.position, outcome)
    tally(current, outcome)
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

  function sizeOf(position: number): number {
    const known = sizes.get(position) ?? ledger.size(position)
    sizes.set(position, known)
    return known
  }

  function insert({ position, closed: late }: Subject, kept: KeptFeedback, held: boolean): number {
    sizes.set(position, sizeOf(position) + 1)
    tallies.add('feedback.joined', 1)
    if (held) tallies.add('feedback.held', 1)
    const known = cases.get(position)
    if (known !== undefined) known.latest = Math.max(known.latest, kept.feedback.time)
    return ledger.insert(position, kept, { held, late })
  }

  function add(current: Case, kept: KeptFeedback, held: boolean): void {
    const { feedback } = kept
    current.lines.push({ feedback, position: insert(current.subject, kept, held), held })
    current.replaced.add(replacedBy(feedback))
  }

  return {
    forget() {
      cases.clear()
      sizes.clear()
    },
    full: (subject, feedback) =>
      sizeOf(subject.position) >= MAX_LINES ||
      (!isInert(subject.prediction, feedback) && caseOf(subject).lines.length >= MAX_ANSWERS),
    join(subject, kept) {
      const { feedback } = kept
      if (isInert(subject.prediction, feedback)) {
        insert(subject, kept, false)
        return false
      }
      const current = caseOf(subject)
      // A thousand people who say the same take as long as one.
      const { resolved, verdict, replaced } = current
      if (resolved && !replaced.has(feedback.id) && addsNothing(subject.prediction, verdict, feedback)) {
        add(current, kept, false)
        return false
      }
      const { outcome, resolution } = afterFeedback(standingOf(current, feedback))
      const ids = new Set<string>(resolution.held)
      const held = ids.has(feedback.id)
      add(current, kept, held)
      release(current, ids)
      write(current, outcome)
      return held
    },
    close: (position, subject) =>
      unlessStoreFailed(
        () => {
          const current = caseOf(subject())
          write(current, atHorizon(standingOf(current)).outcome)
          return current.lines.length
        },
        () => {
          // Without a line, but those due after it get theirs.
          outcomes.close(position)
          tallies.recordLoss({ [UNSETTLED]: 1 })
          return 1
        },
      ),
  }
}

import type { TrackingId } from '@groundtrace/core'
import type { AnswerBook } from '../bridge/answer-book.ts'
import type { CheckedTruthPolicy } from '../truth/truth-policy.ts'
import type { AnswerReader } from '../truth/votes.ts'

/** What an annotator did with a unit, as it stands. */
export interface AnnotatorAnswer {
  readonly unit: number
  readonly prediction: TrackingId
  readonly project: string
  /** Their number on the server. */
  readonly annotator: number
  /** A label of the task, of an answer that counts. */
  readonly label?: string
  /** What share of people they expect to choose each class, where they were asked. */
  readonly shares?: Readonly<Record<string, number>>
  readonly skipped: boolean
  readonly unclear: boolean
  /** Somebody else wrote it last, so that it does not count. */
  readonly edited: boolean
  /** How long it took, as the browser measured; above 0. */
  readonly seconds?: number
  /** When it was given, by the server's clock: milliseconds since 1970. */
  readonly time: number
  readonly guidelineVersion?: string
  /** Why some of it was left out; empty when all was understood. */
  readonly faults: readonly string[]
}

const UNITS = 1000

/** What annotators of the policy's projects did, as far as their word counts there. Answers that were deleted, or given anew since, are not in it. */
export function annotatorAnswers(
  book: Pick<AnswerBook, 'units'>,
  policy: CheckedTruthPolicy,
  read: AnswerReader,
): readonly AnnotatorAnswer[] {
  const { crowd, expert } = policy
  const projects = new Set([crowd?.project, expert?.project])
  const isStranger = (annotator: number, project: string): boolean =>
    (project === crowd?.project ? crowd : expert)?.members?.has(annotator) === false
  const given: AnnotatorAnswer[] = []
  for (let after = 0; ;) {
    const { units, position } = book.units({ after, limit: UNITS })
    for (const { unit, answers } of units.filter((one) => projects.has(one.unit.project))) {
      for (const { content, state, created } of answers) {
        const { annotator, editedBy, skipped, leadTimeSeconds: seconds } = content
        if (state !== 'standing' || annotator === undefined || isStranger(annotator, unit.project)) continue
        const { label, shares, unclear, guidelineVersion, faults = [] } = read(content, unit.project)
        const edited = editedBy !== undefined
        const isVote = label !== undefined && policy.classes.includes(label) && !skipped && !edited
        given.push({
          unit: unit.id,
          prediction: unit.prediction,
          project: unit.project,
          annotator,
          skipped,
          unclear,
          edited,
          time: Date.parse(created),
          faults,
          ...(isVote && { label }),
          ...(isVote && shares !== undefined && { shares }),
          ...(seconds !== undefined && seconds > 0 && !skipped && { seconds }),
          ...(guidelineVersion !== undefined && { guidelineVersion }),
        })
      }
    }
    if (units.length < UNITS) return given
    after = position
  }
}

import type { BookAnswer } from '../bridge/answer-book.ts'
import type { AnswerContent } from '../bridge/reading.ts'

/** What one annotator says of a unit, as it counts. */
export interface Vote {
  /** Their number on the server. */
  readonly annotator: number
  readonly label: string
  /** The declared group that they belong to. */
  readonly group?: string
  /** What share of people they expect to choose each class, where they were asked; together 1. */
  readonly shares?: Readonly<Record<string, number>>
  /** The answer's number in the book. */
  readonly answer?: number
  /** The server does not have the answer any more; it stands all the same. */
  readonly kept?: boolean
}

/** The answers of one unit that stand, each annotator's once. */
export interface UnitVotes {
  readonly votes: readonly Vote[]
  /** Annotators who flagged it as unclear, with or without an answer. */
  readonly unclear: number
  /** Annotators who skipped it: a skip is no answer. */
  readonly skipped: number
  /** Answers that do not count: of nobody, of a stranger, edited by somebody else, or without a label of the task. */
  readonly uncounted: number
}

/** What an annotation says, parsed by the label config that it was given under. */
export interface ParsedAnswer {
  /** Absent where it has none, or more than one, or one that the config does not know. */
  readonly label?: string
  /** What share of people will choose each class: all of them, adding up to 1. */
  readonly shares?: Readonly<Record<string, number>>
  /** It was flagged as unclear. */
  readonly unclear: boolean
  /** Why some of it was left out. Default: all of it was understood. */
  readonly faults?: readonly string[]
  /** The guidelines that the page showed. */
  readonly guidelineVersion?: string
}

/** Reads an annotation. Never throws: annotations come from anybody. */
export type AnswerReader = (content: AnswerContent, project: string) => ParsedAnswer

export interface VoteOptions {
  readonly classes: readonly string[]
  readonly project: string
  readonly read: AnswerReader
  readonly groupOf?: ReadonlyMap<number, string>
  /** Whose word counts. Default: everybody's. */
  readonly members?: ReadonlySet<number>
}

/** The answers that count. What was superseded or deleted does not, and of nobody knows whom nothing does. */
export function votesOf(answers: readonly BookAnswer[], options: VoteOptions): UnitVotes {
  const { classes, project, read, groupOf, members } = options
  const votes: Vote[] = []
  const [unclear, skipped] = [new Set<number>(), new Set<number>()]
  let uncounted = 0
  for (const { id: answer, content, state, kept } of answers) {
    if (state !== 'standing') continue
    const { annotator, editedBy } = content
    if (annotator === undefined || editedBy !== undefined || members?.has(annotator) === false) {
      uncounted += 1
      continue
    }
    const { label, shares, unclear: isFlagged } = read(content, project)
    if (isFlagged) unclear.add(annotator)
    if (content.skipped) skipped.add(annotator)
    else if (label !== undefined && classes.includes(label)) {
      const group = groupOf?.get(annotator)
      votes.push({
        annotator,
        label,
        answer,
        kept,
        ...(group !== undefined && { group }),
        ...(shares !== undefined && { shares }),
      })
    } else if (!isFlagged) uncounted += 1
  }
  return { votes, unclear: unclear.size, skipped: skipped.size, uncounted }
}

/** How many gave each label, labels in order of their code units. */
export function counted(votes: readonly Vote[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const label of votes.map((vote) => vote.label).toSorted()) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

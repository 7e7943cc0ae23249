/** What one annotator says of a unit, as it counts. */
export interface Vote {
  /** Their number on the server. */
  readonly annotator: number
  readonly label: string
  /** The declared group that they belong to. */
  readonly group?: string
}

/** The answers of one unit that stand, each annotator's once. */
export interface UnitVotes {
  readonly votes: readonly Vote[]
  /** Annotators who flagged it as unclear, with or without an answer. */
  readonly unclear: number
  /** Annotators who skipped it: a skip is no answer. */
  readonly skipped: number
  /** Answers that do not count: without an annotator, edited by somebody else, or without a label of the task. */
  readonly uncounted: number
}

/** How many gave each label, labels in order of their code units. */
export function counted(votes: readonly Vote[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const label of votes.map((vote) => vote.label).toSorted()) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}

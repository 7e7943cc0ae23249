/** What an annotation says, as data: parsed, and with who said it. */
export interface AnswerContent {
  /** Who the server says gave it, by its number there. */
  readonly annotator?: number
}

/** An annotation as it was read. */
export interface AnswerReading {
  /** ID on the server: given again after it was deleted, so one of a task only together with `created`. */
  readonly annotation: number
  /** The server's times: ISO 8601 in UTC, six digits of a second, so that their order is that of texts. */
  readonly created: string
  readonly updated: string
  readonly content: AnswerContent
}

/** A task of ours as it was read. */
export interface TaskReading {
  /** ID on the server: given again after it was deleted. */
  readonly task: number
  readonly key: string
  readonly created: string
  readonly updated: string
  /** Drafts on it: somebody has begun. */
  readonly drafts: number
  readonly answers: readonly AnswerReading[]
}

/**
 * What an annotation says and who is said to have given it, as the server had it. The result is from anybody: nothing but a
 * list until it is parsed, with the label config that it was given under.
 */
export interface AnswerContent {
  /**
   * Whose answer it is said to be, by the server's number; absent for nobody, and where the server does not say who wrote it.
   * Every member can set it: no proof.
   */
  readonly annotator?: number
  /** Who wrote it last, where that is somebody else: a foreign edit. */
  readonly editedBy?: number
  /** The task was skipped; the result is what had been entered until then. */
  readonly skipped: boolean
  readonly result: readonly unknown[]
  /** How long it took, as the browser measured. */
  readonly leadTimeSeconds?: number
  /** Number of the model's prediction that it was begun from. */
  readonly parentPrediction?: number
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
  /** Of all that it shows: another one says that somebody has edited it. Absent: not known. */
  readonly digest?: string
  /** Drafts on it: somebody has begun. */
  readonly drafts: number
  readonly answers: readonly AnswerReading[]
  /** The server could not show its answers: that there are none says nothing. */
  readonly unread?: true
}

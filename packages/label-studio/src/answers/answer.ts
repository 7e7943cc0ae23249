/** What can be wrong with an annotation, or a part of it. */
export const ANSWER_FAULTS = [
  /** Something in it has not the shape that Label Studio's page gives it. */
  'malformed',
  /** More entries, or a longer note, than a page can make. */
  'too-large',
  /** It answers a question that was not asked. */
  'foreign-control',
  /** It answers one question twice. */
  'repeated-control',
  /** Its label is none of the classes. */
  'unknown-choice',
  /** More than one label, where one was asked for. */
  'several-choices',
  /** Neither a label that can be told, nor a flag, nor a skip. */
  'no-label',
  /** Some classes have a share and others have none. */
  'shares-missing',
  /** A share is not from 0 to 100. */
  'shares-out-of-range',
  /** The shares add up to something other than 100, by more than rounding makes of it. */
  'shares-sum',
] as const
export type AnswerFault = (typeof ANSWER_FAULTS)[number]

/** What an annotation says. Plain data. */
export interface Answer {
  /** One of the classes; absent for a skip, and where it can't be told, for which `faults` has the reason. */
  readonly label?: string
  /** What share of people the rater expects to choose each class: all classes, adding up to 1. */
  readonly shares?: Readonly<Record<string, number>>
  /** The rater flagged the task as unclear; one who skips it may, too. */
  readonly unclear: boolean
  /** What is unclear about it, in the rater's own words: not safe to show as HTML. */
  readonly note?: string
  /**
   * The guidelines that the page showed when the task was first answered. Absent when it was not answered on a page of a
   * plan.
   */
  readonly guidelineVersion?: string
  /** Why some of it was left out, each reason once; empty when all of it was understood. */
  readonly faults: readonly AnswerFault[]
}

/** What was asked. */
export interface AnswerForm {
  readonly classes: readonly string[]
  /** The shares of people who choose each class were asked for as well. */
  readonly shares: boolean
}

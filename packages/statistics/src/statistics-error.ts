/** What can be wrong with what came in. Stable: programs switch on these, people read the message. */
export const STATISTICS_ERROR_CODES = [
  'invalid-argument',
  'length-mismatch',
  'no-data',
  'unknown-stratum',
  'impossible-counts',
  'infinite-result',
  'duplicate-rating',
  'unknown-unit',
  'unknown-class',
  'too-many-classes',
] as const

export type StatisticsErrorCode = (typeof STATISTICS_ERROR_CODES)[number]

/** The one error class of this package. The message gives the cause and the next step. */
export class StatisticsError extends Error {
  override readonly name = 'StatisticsError'
  readonly code: StatisticsErrorCode

  /**
   * @param cause what is wrong, in words
   * @param nextStep what to do about it
   */
  constructor(code: StatisticsErrorCode, cause: string, nextStep: string) {
    super(`${cause}. ${nextStep}.`)
    this.code = code
  }
}

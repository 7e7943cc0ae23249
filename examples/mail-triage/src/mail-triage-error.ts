/** What can go wrong in this example. Stable: programs switch on these, people read the message. */
const MAIL_TRIAGE_ERROR_CODES = [
  'corpus-unreadable',
  'mail-unreadable',
  'invalid-argument',
  'one-class',
  'model-corrupt',
  'not-tracked',
] as const

export type MailTriageErrorCode = (typeof MAIL_TRIAGE_ERROR_CODES)[number]

/** The one error class of the example. The message gives the cause and the next step, and never the text of a mail. */
export class MailTriageError extends Error {
  override readonly name = 'MailTriageError'
  readonly code: MailTriageErrorCode

  /**
   * @param cause what is wrong, in words
   * @param nextStep what to do about it
   */
  constructor(code: MailTriageErrorCode, cause: string, nextStep: string, options?: ErrorOptions) {
    super(`${cause}. ${nextStep}.`, options)
    this.code = code
  }
}

/** Says what kind of value came instead, without showing it: it may be a mail. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return String(value)
  return value === undefined ? 'nothing' : `a value of type ${typeof value}`
}

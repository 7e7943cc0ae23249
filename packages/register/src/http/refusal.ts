/** Why a whole request is refused: an HTTP status and words for whoever sent it. Never leaves this package. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, options?: ErrorOptions & { readonly headers?: Record<string, string> }) {
    super(message, options)
    this.status = status
    this.headers = options?.headers ?? {}
  }
}

/** What the sender shall try again. @param status 429 or 503 */
export function tryAgain(status: 429 | 503, message: string, seconds: number, options?: ErrorOptions): Refusal {
  return new Refusal(status, message, { ...options, headers: { 'retry-after': String(seconds) } })
}

export function tooLarge(what: string): Refusal {
  return new Refusal(413, what)
}

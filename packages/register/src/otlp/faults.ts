import { GroundtraceError } from '@groundtrace/core'

/** Different reasons that are told; more would make a message that nobody reads. */
const MOST_TOLD = 5

const UNREADABLE = "It can't be read. Send what an OTLP exporter encodes."

/** Lines of one request that were refused: counted, and told in a few words. Does not grow with their number. */
export class Faults {
  readonly #told = new Map<string, number>()
  readonly #lost = new Map<string, { readonly lines: number; readonly last: unknown }>()
  count = 0

  /**
   * @param fault the error that refused the line, or the reason of its receipt
   * @param lostAs the word that the loss is counted under; undefined where somebody else counts it
   */
  add(fault: unknown, lostAs: string | undefined): void {
    this.count += 1
    if (lostAs !== undefined) this.#lost.set(lostAs, { lines: (this.#lost.get(lostAs)?.lines ?? 0) + 1, last: fault })
    const message = GroundtraceError.isInstance(fault) ? fault.message : typeof fault === 'string' ? fault : UNREADABLE
    if (this.#told.has(message) || this.#told.size < MOST_TOLD) {
      this.#told.set(message, (this.#told.get(message) ?? 0) + 1)
    }
  }

  /** Lines lost, by reason, with what refused the last of them. */
  get lost(): Iterable<readonly [reason: string, { readonly lines: number; readonly last: unknown }]> {
    return this.#lost
  }

  /** For whoever sent the lines: each reason with the number of lines it holds for. */
  toString(): string {
    const told = [...this.#told].map(([message, lines]) => `${lines} × ${message}`)
    const rest = this.count - [...this.#told.values()].reduce((sum, lines) => sum + lines, 0)
    return [...told, ...(rest === 0 ? [] : [`${rest} × for other reasons.`])].join(' ')
  }
}

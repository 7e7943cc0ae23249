import { tryAgain } from './refusal.ts'

/** The bytes that one request holds. */
export interface Lease {
  /** @throws Refusal 429 when all requests together would hold too much */
  take(bytes: number): void
  give(bytes: number): void
  /** Gives all back; again: does nothing. */
  release(): void
}

/** Bounds the bytes that requests hold together, until what they brought is stored. */
export class InFlight {
  readonly #most: number
  readonly #retryAfterSeconds: number
  #bytes = 0

  constructor(most: number, retryAfterSeconds: number) {
    this.#most = most
    this.#retryAfterSeconds = retryAfterSeconds
  }

  get bytes(): number {
    return this.#bytes
  }

  lease(): Lease {
    let held = 0
    const move = (bytes: number): void => {
      held += bytes
      this.#bytes += bytes
    }
    return {
      take: (bytes) => {
        if (this.#bytes + bytes > this.#most)
          throw tryAgain(429, 'More is on its way than can be stored. Send it again later.', this.#retryAfterSeconds)
        move(bytes)
      },
      give: (bytes) => move(-bytes),
      release: () => move(-held),
    }
  }
}

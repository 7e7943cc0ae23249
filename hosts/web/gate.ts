/** Where handlers wait until a test lets them go on. */
export class Gate {
  readonly #opened = Promise.withResolvers<void>()
  readonly #waiting: (() => void)[] = []
  #arrivals = 0

  /** Waits for the gate to be opened. */
  async pass(): Promise<void> {
    this.#arrivals += 1
    for (const tell of this.#waiting.splice(0)) tell()
    await this.#opened.promise
  }

  /** Resolves when so many handlers wait. */
  async reached(handlers: number): Promise<void> {
    while (this.#arrivals < handlers) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  open(): void {
    this.#opened.resolve()
  }
}

/** What was read lately, up to so many: whoever may send a line decides how many there are. */
export class Remembered<K, V> {
  readonly #most: number
  readonly #values = new Map<K, V>()

  constructor(most: number) {
    this.#most = most
  }

  get(key: K): V | undefined {
    return this.#values.get(key)
  }

  set(key: K, value: V): void {
    // All at once: to keep those in use costs more than to read them again.
    if (this.#values.size >= this.#most) this.#values.clear()
    this.#values.set(key, value)
  }

  clear(): void {
    this.#values.clear()
  }
}

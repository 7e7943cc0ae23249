import { invalid } from './parse.ts'
import type { RatingKey } from './ratings.ts'
import { StatisticsError } from './statistics-error.ts'

/** Whole numbers below it are looked up in a table, which is several times faster than a map. At most 4 MB. */
const LARGEST_TABLE = 2 ** 20

/** Gives each key of one column of ratings a number from 0 on, in the order in which they come. */
export class KeyCodes {
  readonly keys: RatingKey[] = []
  readonly #column: string
  /** Of all other keys. */
  readonly #codes = new Map<RatingKey, number>()
  /** Per small whole number: its code, counted from 1; 0 for none. */
  #table = new Int32Array(256)
  #numbers = 0
  #lastKey: RatingKey | undefined
  #lastCode = -1

  constructor(column: string) {
    this.#column = column
  }

  /** @throws StatisticsError `invalid-argument` for a key that is neither a text nor a finite number */
  of(key: RatingKey, row: number): number {
    // Rows often come grouped.
    if (key === this.#lastKey) return this.#lastCode
    const tabled = typeof key === 'number' ? (this.#table[key] ?? 0) : 0
    const code = tabled > 0 ? tabled - 1 : (this.#codes.get(key) ?? this.#add(key, row))
    this.#lastKey = key
    this.#lastCode = code
    return code
  }

  #add(key: RatingKey, row: number): number {
    if (typeof key !== 'string' && !Number.isFinite(key)) {
      throw invalid(
        `rows[${row}].${this.#column}`,
        key,
        'Pass a text or a finite number, and leave out missing answers',
      )
    }
    // −0 and 0 are the same key, and read better without the sign.
    const code = this.keys.push(key === 0 ? 0 : key) - 1
    if (typeof key === 'number') this.#numbers += 1
    if (Number.isInteger(key) && Number(key) >= 0 && Number(key) < LARGEST_TABLE) this.#addToTable(Number(key), code)
    else this.#codes.set(key, code)
    return code
  }

  #addToTable(key: number, code: number): void {
    if (key >= this.#table.length) {
      const larger = new Int32Array(2 ** Math.ceil(Math.log2(key + 1)))
      larger.set(this.#table)
      this.#table = larger
    }
    this.#table[key] = code + 1
  }

  /** A number and a text that read alike are one key that was read from two sources, or cannot be told apart by name. */
  checkSpelling(): void {
    if (this.#numbers === 0 || this.#numbers === this.keys.length) return
    const numbers = new Set(this.keys.filter((key) => typeof key === 'number').map(String))
    const twice = this.keys.find((key) => typeof key === 'string' && numbers.has(key))
    if (twice === undefined) return
    throw new StatisticsError(
      'invalid-argument',
      `Each ${this.#column} must have one type, and ${twice} comes as a number and as a text`,
      'Pass all as numbers or all as texts',
    )
  }
}

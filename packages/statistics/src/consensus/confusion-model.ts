import { StatisticsError } from '../statistics-error.ts'
import { addToRows, multiplyRows } from './answer-rows.ts'
import type { Answers } from './answers.ts'
import { type Expectation, settleUnit } from './expectation-maximisation.ts'

/** A table of this many cells takes 0.5 GiB, and a fit three of them. */
const MOST_CELLS = 2 ** 26

/** Whether confusion matrices of all raters can be held in memory. */
export function fitsInMemory({ raters, classes }: Answers): boolean {
  return raters.length * classes.length ** 2 <= MOST_CELLS
}

/** @throws StatisticsError `too-many-classes` */
export function checkFitsInMemory(answers: Answers): void {
  if (fitsInMemory(answers)) return
  throw new StatisticsError(
    'too-many-classes',
    `${answers.raters.length} raters and ${answers.classes.length} classes make confusion matrices of more than ${MOST_CELLS} cells`,
    'Use oneCoin or agreementWeighted, or leave out free texts and other values that are no classes',
  )
}

/** Dawid and Skene's model, in the arrays that its loops want. Tables are … × answer × truth. */
export class ConfusionModel {
  readonly prior: Float64Array
  /** Raters × answer × truth: probability of the answer given the truth. */
  readonly table: Float64Array
  /** Answer × truth: the same for the answers of all raters together. */
  readonly pooled: Float64Array
  protected readonly smoothing: number
  /** Raters × answer × truth: expected number of answers. */
  protected readonly counts: Float64Array
  /** Truth: expected number of units. */
  readonly #units: Float64Array
  readonly #answers: Answers
  /** Per answer: where its row, a cell a truth, is in a table. */
  readonly #cells: Int32Array

  constructor(answers: Answers, shares: Float64Array, smoothing: number) {
    const classCount = answers.classes.length
    this.#answers = answers
    this.smoothing = smoothing
    this.prior = new Float64Array(classCount)
    this.table = new Float64Array(answers.raters.length * classCount ** 2)
    this.pooled = new Float64Array(classCount ** 2)
    this.#units = new Float64Array(classCount)
    this.counts = new Float64Array(this.table.length)
    const { raterCodes, classCodes } = answers
    this.#cells = new Int32Array(raterCodes.length)
    for (let place = 0; place < this.#cells.length; place += 1) {
      this.#cells[place] = ((raterCodes[place] ?? 0) * classCount + (classCodes[place] ?? 0)) * classCount
    }
    const unitShares = new Float64Array(classCount)
    for (let unit = 0; unit < answers.units.length; unit += 1) {
      for (let truth = 0; truth < classCount; truth += 1) unitShares[truth] = shares[unit * classCount + truth] ?? 0
      this.#count(unit, unitShares)
    }
  }

  /** Adds what one unit's probabilities say of the classes and of its raters. */
  #count(unit: number, probabilities: Float64Array): void {
    const { starts } = this.#answers
    const units = this.#units
    for (let truth = 0; truth < units.length; truth += 1)
      units[truth] = (units[truth] ?? 0) + (probabilities[truth] ?? 0)
    addToRows(this.counts, probabilities, this.#cells, starts[unit] ?? 0, starts[unit + 1] ?? 0)
  }

  maximise(): void {
    this.maximisePooled()
    const borrowed = this.pooled.map((share) => share * this.smoothing)
    for (let first = 0; first < this.table.length; first += borrowed.length) {
      this.#share(this.counts, first, this.table, (cell) => borrowed[cell] ?? 0)
    }
  }

  /** What does not tell raters apart: the prior, and the table of all together. */
  protected maximisePooled(): void {
    const classCount = this.prior.length
    const even = this.smoothing / classCount
    const total = this.#answers.units.length + this.smoothing
    for (let truth = 0; truth < classCount; truth += 1) {
      this.prior[truth] = ((this.#units[truth] ?? 0) + even) / total
    }
    const sums = new Float64Array(classCount ** 2)
    for (let cell = 0; cell < this.counts.length; cell += 1) {
      sums[cell % sums.length] = (sums[cell % sums.length] ?? 0) + (this.counts[cell] ?? 0)
    }
    this.#share(sums, 0, this.pooled, () => even)
  }

  /** Turns counts from `first` on into shares of each truth, with some more in each cell. */
  #share(counts: Float64Array, first: number, shares: Float64Array, more: (cell: number) => number): void {
    const classCount = this.prior.length
    for (let truth = 0; truth < classCount; truth += 1) {
      let total = 0
      for (let cell = truth; cell < classCount ** 2; cell += classCount) {
        total += (counts[first + cell] ?? 0) + more(cell)
      }
      if (total === 0) {
        this.#shareEvenly(counts, first, shares, truth)
        continue
      }
      for (let cell = truth; cell < classCount ** 2; cell += classCount) {
        shares[first + cell] = ((counts[first + cell] ?? 0) + more(cell)) / total
      }
    }
  }

  /**
   * None of the rater's units can be of this class, so that all shares are as likely. Those that make most of a unit that
   * turns out to be of this class after all leave nothing for what the rater never answers.
   */
  #shareEvenly(counts: Float64Array, first: number, shares: Float64Array, truth: number): void {
    const classCount = this.prior.length
    const given = Array.from(this.prior.keys()).filter((answer) => {
      const row = first + answer * classCount
      return counts.subarray(row, row + classCount).some((count) => count > 0)
    })
    for (let cell = truth; cell < classCount ** 2; cell += classCount) shares[first + cell] = 0
    for (const answer of given) shares[first + answer * classCount + truth] = 1 / given.length
  }

  expect(posterior: Float64Array): Expectation {
    this.#units.fill(0)
    this.counts.fill(0)
    const { units, starts } = this.#answers
    const cells = this.#cells
    const { prior, table } = this
    const classCount = prior.length
    const joint = new Float64Array(classCount)
    const sums = { logLikelihood: 0, change: 0 }
    const writeLogs = (unit: number, logJoint: Float64Array): void => this.#writeLogJoint(unit, logJoint)
    for (let unit = 0; unit < units.length; unit += 1) {
      for (let truth = 0; truth < classCount; truth += 1) joint[truth] = prior[truth] ?? 0
      multiplyRows(joint, table, cells, starts[unit] ?? 0, starts[unit + 1] ?? 0)
      settleUnit(unit, joint, writeLogs, posterior, sums)
      this.#count(unit, joint)
    }
    return sums
  }

  #writeLogJoint(unit: number, logJoint: Float64Array): void {
    const { starts } = this.#answers
    const end = starts[unit + 1] ?? 0
    for (let truth = 0; truth < logJoint.length; truth += 1) {
      let sum = Math.log(this.prior[truth] ?? 0)
      for (let place = starts[unit] ?? 0; place < end; place += 1) {
        sum += Math.log(this.table[(this.#cells[place] ?? 0) + truth] ?? 0)
      }
      logJoint[truth] = sum
    }
  }
}

/** From … × answer × truth to … × truth × answer. */
export function byTruth(table: Float64Array, classCount: number): Float64Array {
  const turned = new Float64Array(table.length)
  const all = classCount ** 2
  for (let cell = 0; cell < table.length; cell += 1) {
    const within = cell % all
    const truth = within % classCount
    turned[cell - within + truth * classCount + (within - truth) / classCount] = table[cell] ?? 0
  }
  return turned
}

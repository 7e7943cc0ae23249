import type { Answers } from './answers.ts'
import { type Expectation, settleUnit } from './expectation-maximisation.ts'

/** One probability of a right answer for each rater, whatever the truth; wrong answers are all alike. */
export class OneCoinModel {
  readonly prior: Float64Array
  /** Per rater. */
  readonly skill: Float64Array
  /** Of all raters together. */
  pooledSkill = 0
  readonly #answers: Answers
  readonly #smoothing: number
  /** Per rater: answers given, and how many of them are expected to be right. */
  readonly #given: Float64Array
  readonly #right: Float64Array
  /** Expected number of units per truth. */
  readonly #units: Float64Array
  /** Per rater: probability of one particular wrong answer. */
  readonly #wrong: Float64Array

  constructor(answers: Answers, shares: Float64Array, smoothing: number) {
    const classCount = answers.classes.length
    this.#answers = answers
    this.#smoothing = smoothing
    this.prior = new Float64Array(classCount)
    this.skill = new Float64Array(answers.raters.length)
    this.#given = new Float64Array(answers.raters.length)
    this.#right = new Float64Array(answers.raters.length)
    this.#wrong = new Float64Array(answers.raters.length)
    this.#units = new Float64Array(classCount)
    for (const rater of answers.raterCodes) this.#given[rater] = (this.#given[rater] ?? 0) + 1
    for (let unit = 0; unit < answers.units.length; unit += 1) {
      this.#count(unit, shares.subarray(unit * classCount, (unit + 1) * classCount))
    }
  }

  #count(unit: number, probabilities: Float64Array): void {
    const { starts, raterCodes, classCodes } = this.#answers
    const units = this.#units
    for (let truth = 0; truth < units.length; truth += 1) {
      units[truth] = (units[truth] ?? 0) + (probabilities[truth] ?? 0)
    }
    const end = starts[unit + 1] ?? 0
    for (let place = starts[unit] ?? 0; place < end; place += 1) {
      const rater = raterCodes[place] ?? 0
      this.#right[rater] = (this.#right[rater] ?? 0) + (probabilities[classCodes[place] ?? 0] ?? 0)
    }
  }

  maximise(): void {
    const classCount = this.prior.length
    const smoothing = this.#smoothing
    const total = this.#answers.units.length + smoothing
    for (let truth = 0; truth < classCount; truth += 1) {
      this.prior[truth] = ((this.#units[truth] ?? 0) + smoothing / classCount) / total
    }
    let right = 0
    for (const count of this.#right) right += count
    this.pooledSkill = right / Math.max(1, this.#answers.raterCodes.length)
    const otherClasses = Math.max(1, classCount - 1)
    for (let rater = 0; rater < this.skill.length; rater += 1) {
      const given = (this.#given[rater] ?? 0) + smoothing
      const skill = Math.min(1, ((this.#right[rater] ?? 0) + smoothing * this.pooledSkill) / given)
      this.skill[rater] = skill
      this.#wrong[rater] = (1 - skill) / otherClasses
    }
  }

  expect(posterior: Float64Array): Expectation {
    this.#units.fill(0)
    this.#right.fill(0)
    const { units, starts, raterCodes, classCodes } = this.#answers
    const { prior, skill } = this
    const wrong = this.#wrong
    const classCount = prior.length
    const joint = new Float64Array(classCount)
    const sums = { logLikelihood: 0, change: 0 }
    const writeLogs = (unit: number, logJoint: Float64Array): void => this.#writeLogJoint(unit, logJoint)
    for (let unit = 0; unit < units.length; unit += 1) {
      for (let truth = 0; truth < classCount; truth += 1) joint[truth] = prior[truth] ?? 0
      const end = starts[unit + 1] ?? 0
      for (let place = starts[unit] ?? 0; place < end; place += 1) {
        const rater = raterCodes[place] ?? 0
        const answer = classCodes[place] ?? 0
        const right = (joint[answer] ?? 0) * (skill[rater] ?? 0)
        const factor = wrong[rater] ?? 0
        for (let truth = 0; truth < classCount; truth += 1) joint[truth] = (joint[truth] ?? 0) * factor
        joint[answer] = right
      }
      settleUnit(unit, joint, writeLogs, posterior, sums)
      this.#count(unit, joint)
    }
    return sums
  }

  #writeLogJoint(unit: number, logJoint: Float64Array): void {
    const { starts, raterCodes, classCodes } = this.#answers
    const end = starts[unit + 1] ?? 0
    for (let truth = 0; truth < logJoint.length; truth += 1) {
      let sum = Math.log(this.prior[truth] ?? 0)
      for (let place = starts[unit] ?? 0; place < end; place += 1) {
        const rater = raterCodes[place] ?? 0
        sum += Math.log((classCodes[place] === truth ? this.skill[rater] : this.#wrong[rater]) ?? 0)
      }
      logJoint[truth] = sum
    }
  }
}

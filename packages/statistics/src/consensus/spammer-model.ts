import type { Answers } from './answers.ts'
import { ConfusionModel } from './confusion-model.ts'
import type { Expectation } from './expectation-maximisation.ts'

/** Confusion matrices of two parts: an answer is the truth, or else drawn by the rater's habit whatever the truth. */
export class SpammerModel extends ConfusionModel {
  /** Per rater: the share of answers that are not by habit. */
  readonly skill: Float64Array
  /** Raters × answer: what is answered by habit. */
  readonly habit: Float64Array
  /** How far the last maximisation moved the probability of an answer that it moved most. */
  #moved = 0

  constructor(answers: Answers, shares: Float64Array, smoothing: number) {
    super(answers, shares, smoothing)
    this.skill = new Float64Array(answers.raters.length).fill(0.5)
    this.habit = new Float64Array(answers.raters.length * answers.classes.length).fill(1 / answers.classes.length)
  }

  override maximise(): void {
    this.maximisePooled()
    const classCount = this.prior.length
    const byHabit = new Float64Array(this.habit.length)
    const given = new Float64Array(this.skill.length)
    const known = new Float64Array(this.skill.length)
    for (let rater = 0; rater < this.skill.length; rater += 1) {
      const skill = this.skill[rater] ?? 0
      for (let answer = 0; answer < classCount; answer += 1) {
        const cells = (rater * classCount + answer) * classCount
        let count = 0
        for (let truth = 0; truth < classCount; truth += 1) count += this.counts[cells + truth] ?? 0
        const habitual = (1 - skill) * (this.habit[rater * classCount + answer] ?? 0)
        const right = skill === 0 ? 0 : ((this.counts[cells + answer] ?? 0) * skill) / (skill + habitual)
        known[rater] = (known[rater] ?? 0) + right
        given[rater] = (given[rater] ?? 0) + count
        byHabit[rater * classCount + answer] = count - right
      }
    }
    this.#maximiseRaters(given, known, byHabit)
  }

  /**
   * Which answers were by habit is hidden as well, and follows from skills and habits: these may still move where the truths
   * have come to rest, so a round's change is the larger of the two.
   */
  override expect(posterior: Float64Array): Expectation {
    const sums = super.expect(posterior)
    sums.change = Math.max(sums.change, this.#moved)
    return sums
  }

  #maximiseRaters(given: Float64Array, known: Float64Array, byHabit: Float64Array): void {
    const classCount = this.prior.length
    const { smoothing } = this
    this.#moved = 0
    const pooled =
      known.reduce((a, b) => a + b, 0) /
      Math.max(
        1,
        given.reduce((a, b) => a + b, 0),
      )
    for (let rater = 0; rater < this.skill.length; rater += 1) {
      const row = rater * classCount
      const skill = Math.min(1, ((known[rater] ?? 0) + smoothing * pooled) / ((given[rater] ?? 0) + smoothing))
      let habits = smoothing
      for (let answer = 0; answer < classCount; answer += 1) habits += byHabit[row + answer] ?? 0
      this.skill[rater] = skill
      for (let answer = 0; answer < classCount; answer += 1) {
        const share = ((byHabit[row + answer] ?? 0) + smoothing / classCount) / habits
        this.habit[row + answer] = habits > 0 ? share : 1 / classCount
        const habitual = (1 - skill) * (this.habit[row + answer] ?? 0)
        const cells = (row + answer) * classCount
        for (let truth = 0; truth < classCount; truth += 1) {
          const probability = truth === answer ? skill + habitual : habitual
          this.#moved = Math.max(this.#moved, Math.abs(probability - (this.table[cells + truth] ?? 0)))
          this.table[cells + truth] = probability
        }
      }
    }
  }
}

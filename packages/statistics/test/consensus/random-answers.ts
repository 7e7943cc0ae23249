import { seededRandom, type Rating } from '@groundtrace/statistics'
import * as fc from 'fast-check'

const row = fc.record({
  unit: fc.integer({ min: 0, max: 9 }),
  rater: fc.constantFrom('ann', 'bo', 'cy', 'di'),
  value: fc.constantFrom('x', 'y', 'z'),
})

/** Answers without any sense, with repeats and gaps. */
export const anyRows = fc.array(row, { minLength: 1, maxLength: 60 })

/** The same rows in another order. */
export const anyRowsTwice = anyRows.chain((rows) =>
  fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length })),
)

interface Crowd {
  readonly seed: string
  readonly units: number
  readonly perUnit: number
  /** Per rater: P(answer | truth), rows of the true class. */
  readonly confusions: readonly (readonly (readonly number[])[])[]
  readonly prior: readonly number[]
}

function pick(shares: readonly number[], random: () => number): number {
  let left = random()
  for (const [index, share] of shares.entries()) {
    left -= share
    if (left < 0) return index
  }
  return shares.length - 1
}

/** Right with this probability, all wrong answers alike. */
export function coin(skill: number, classes: number): readonly (readonly number[])[] {
  return Array.from({ length: classes }, (_, truth) =>
    Array.from({ length: classes }, (_, answer) => (answer === truth ? skill : (1 - skill) / (classes - 1))),
  )
}

/** Answers by Dawid and Skene's model itself, with the truth that nobody sees. Units and raters are numbers from 0. */
export function simulatedCrowd({ seed, units, perUnit, confusions, prior }: Crowd): {
  readonly rows: Rating[]
  readonly truths: number[]
} {
  const random = seededRandom(seed)
  const rows: Rating[] = []
  const truths = Array.from({ length: units }, () => pick(prior, random))
  for (const [unit, truth] of truths.entries()) {
    const raters = confusions.map((_, rater) => rater)
    for (let answer = 0; answer < perUnit; answer += 1) {
      const [rater = 0] = raters.splice(Math.floor(random() * raters.length), 1)
      rows.push({ unit, rater, value: pick(confusions[rater]?.[truth] ?? [], random) })
    }
  }
  return { rows, truths }
}

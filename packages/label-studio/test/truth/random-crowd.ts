import { seededRandom } from '@groundtrace/statistics'
import type { CrowdRating } from '../../src/truth/consensus-choice.ts'

/** A crowd whose ways are known: P(answer | truth) by annotator. */
export interface Crowd {
  readonly classes: readonly string[]
  readonly prior: readonly number[]
  /** Per annotator truth × answer. */
  readonly confusion: readonly (readonly (readonly number[])[])[]
}

function draw(shares: readonly number[], random: () => number): number {
  let left = random()
  for (const [index, share] of shares.entries()) {
    left -= share
    if (left < 0) return index
  }
  return shares.length - 1
}

/** Answers of a crowd, `perUnit` for each unit, and the truth that they are about. */
export function crowdAnswers(crowd: Crowd, units: number, perUnit: number, seed: number) {
  const random = seededRandom(seed)
  const rows: CrowdRating[] = []
  const truths: string[] = []
  const name = (index: number): string => crowd.classes[index] ?? ''
  for (let unit = 0; unit < units; unit += 1) {
    const truth = draw(crowd.prior, random)
    truths.push(name(truth))
    const pool = crowd.confusion.map((_, index) => index)
    for (let count = 0; count < perUnit; count += 1) {
      const [rater = 0] = pool.splice(Math.floor(random() * pool.length), 1)
      rows.push({ unit, rater, value: name(draw(crowd.confusion[rater]?.[truth] ?? [], random)) })
    }
  }
  return { rows, truths }
}

export const coin = (skill: number, classes: number): readonly (readonly number[])[] =>
  Array.from({ length: classes }, (_, truth) =>
    Array.from({ length: classes }, (_, answer) => (truth === answer ? skill : (1 - skill) / (classes - 1))),
  )

import { type Interval, seededRandom } from '@groundtrace/statistics'

/** What one repetition of a study concluded, and what was true. No interval: the study said that it can't tell. */
export interface Repetition {
  readonly truth: number
  readonly interval: Interval | undefined
}

/**
 * Share of repetitions whose interval holds the truth, among those that have one. The truth may differ by repetition.
 * A tolerance of 1e-9 keeps an interval that ends at the truth from losing it to rounding.
 */
export function coverage(seed: string, repetitions: number, study: (random: () => number) => Repetition): number {
  const random = seededRandom(seed)
  let told = 0
  let held = 0
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const { truth, interval } = study(random)
    if (interval === undefined) continue
    told += 1
    if (interval[0] <= truth + 1e-9 && truth <= interval[1] + 1e-9) held += 1
  }
  return held / told
}

/** How far a rate seen in so many repetitions may be below its expectation by chance: three standard errors. */
export function slack(rate: number, repetitions: number): number {
  return 3 * Math.sqrt((rate * (1 - rate)) / repetitions)
}

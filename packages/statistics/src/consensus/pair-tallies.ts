import type { TrialGroup } from './poisson-binomial.ts'

interface Pair {
  readonly raters: readonly [number, number]
  /** Per truth: units that both answered, and the sum of their chances. */
  readonly units: Float64Array
  readonly expected: Float64Array
  shared: number
}

/** One pair's units and shared errors, and the chances of these. */
export interface PairTally {
  readonly raters: readonly [number, number]
  readonly units: number
  readonly shared: number
  readonly expected: number
  readonly groups: readonly TrialGroup[]
}

/** Errors that pairs share, and that they would share by chance. */
interface Balance {
  shared: number
  expected: number
}

/** Counts, per pair of raters, the units of each truth and the errors that both made alike. */
export class PairTallies {
  readonly #pairs = new Map<string, Pair>()
  readonly #classCount: number

  constructor(classCount: number) {
    this.#classCount = classCount
  }

  get size(): number {
    return this.#pairs.size
  }

  /** @param expected the chance that independent raters would make the same mistake there */
  add(raters: readonly [number, number], truth: number, expected: number, shared: boolean): void {
    const key = raters.join()
    let pair = this.#pairs.get(key)
    if (pair === undefined) {
      const zeros = () => new Float64Array(this.#classCount)
      pair = { raters, units: zeros(), expected: zeros(), shared: 0 }
      this.#pairs.set(key, pair)
    }
    pair.units[truth] = (pair.units[truth] ?? 0) + 1
    pair.expected[truth] = (pair.expected[truth] ?? 0) + expected
    if (shared) pair.shared += 1
  }

  /** Every pair, its chances raised by what pairs without its two raters share beyond chance. */
  pairs(): PairTally[] {
    const all: Balance = { shared: 0, expected: 0 }
    const perRater = new Map<number, Balance>()
    const byChance = [...this.#pairs.values()].map((pair) => {
      const groups = Array.from(pair.units, (trials, truth) => ({
        trials,
        probability: (pair.expected[truth] ?? 0) / trials,
      })).filter(({ trials }) => trials > 0)
      const expected = groups.reduce((sum, { trials, probability }) => sum + trials * probability, 0)
      for (const rater of pair.raters) if (!perRater.has(rater)) perRater.set(rater, { shared: 0, expected: 0 })
      for (const balance of [all, ...pair.raters.flatMap((rater) => perRater.get(rater) ?? [])]) {
        balance.shared += pair.shared
        balance.expected += expected
      }
      return { ...pair, groups, expected }
    })
    return byChance.map(({ raters, units, shared, groups, expected }) => {
      const rest = { shared: all.shared + shared + 1, expected: all.expected + expected + 1 }
      for (const rater of raters) {
        rest.shared -= perRater.get(rater)?.shared ?? 0
        rest.expected -= perRater.get(rater)?.expected ?? 0
      }
      const difficulty = Math.max(1, rest.shared / rest.expected)
      return {
        raters,
        units: units.reduce((a, b) => a + b, 0),
        shared,
        expected: expected * difficulty,
        groups: groups.map(({ trials, probability }) => ({
          trials,
          probability: Math.min(1, probability * difficulty),
        })),
      }
    })
  }
}

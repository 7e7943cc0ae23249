import { STRATEGIES, type SelectionPlan, type Strategy } from './selection-plan.ts'

/**
 * Splits a budget by the weights of a mix into whole numbers (largest remainders; of equal ones the earlier strategy's).
 * `random` gets one at least, so that every prediction has a chance in every round.
 * @param budget picks, a whole number from 1
 */
export function sharesOf(mix: SelectionPlan['mix'], budget: number): Readonly<Record<Strategy, number>> {
  const sum = STRATEGIES.reduce((total, strategy) => total + (mix[strategy] ?? 0), 0)
  const exact = STRATEGIES.map((strategy) => ({ strategy, share: (budget * (mix[strategy] ?? 0)) / sum }))
  const shares = new Map(exact.map(({ strategy, share }) => [strategy, Math.floor(share)]))
  let left = budget - [...shares.values()].reduce((a, b) => a + b, 0)
  const byRemainder = exact.toSorted((a, b) => (b.share % 1) - (a.share % 1))
  for (const { strategy, share } of byRemainder) {
    if (left === 0) break
    if (share === 0) continue
    shares.set(strategy, (shares.get(strategy) ?? 0) + 1)
    left -= 1
  }
  if (shares.get('random') === 0) {
    const [most] = [...shares].toSorted((a, b) => b[1] - a[1])
    if (most !== undefined) shares.set(most[0], most[1] - 1)
    shares.set('random', 1)
  }
  return Object.fromEntries(shares) as Record<Strategy, number>
}

import type { Candidate } from './candidate.ts'
import { draw } from './draw.ts'
import { RANKS, type RankContext } from './rank.ts'
import { STRATEGIES, type Strategy } from './selection-plan.ts'
import { sharesOf } from './shares.ts'

/** A candidate, and why it was picked. */
export interface Pick {
  readonly candidate: Candidate
  readonly reason: Strategy
  /** Of random picks only: their exact probability of inclusion. */
  readonly propensity?: number
}

/** What picking goes by, beside the candidates. */
export interface PickContext extends Omit<RankContext, 'picked' | 'most'> {
  /** Picks at most. */
  readonly budget: number
  /** Whether the truth of a prediction is still unknown: only then it is picked for a reason. */
  readonly isOpen: (candidate: Candidate) => Promise<boolean>
}

/**
 * Picks by all strategies of a plan's mix. Chance comes first and draws from all candidates, also from those whose truth is
 * known already, so that no reason and no answer changes anybody's chance. What a strategy does not use the next one gets.
 */
export async function pick(candidates: readonly Candidate[], context: PickContext): Promise<readonly Pick[]> {
  const shares = sharesOf(context.plan.mix, context.budget)
  const { drawn, propensity } = draw(candidates, shares.random)
  const picks: Pick[] = drawn.map((candidate) => ({ candidate, reason: 'random', propensity }))
  const chosen = new Set(drawn)
  const left = new Set(candidates.filter((candidate) => !chosen.has(candidate)))
  let unused = 0
  for (const reason of STRATEGIES) {
    if (reason === 'random' || shares[reason] === 0) continue
    const most = shares[reason] + unused
    const picked = picks.map(({ candidate }) => candidate)
    let taken = 0
    // More are ranked than are wanted: some turn out to be answered.
    for (const candidate of RANKS[reason]([...left], { ...context, picked, most: 2 * most })) {
      if (taken === most) break
      left.delete(candidate)
      if (!(await context.isOpen(candidate))) continue
      picks.push({ candidate, reason })
      taken += 1
    }
    unused = most - taken
  }
  return picks
}

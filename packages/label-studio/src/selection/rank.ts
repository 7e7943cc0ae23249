import { entropyUncertainty, greedyCoreSet, leastConfidence, marginUncertainty } from '@groundtrace/statistics'
import { isOfSlice, type Candidate } from './candidate.ts'
import { distributionOf } from './distribution.ts'
import { pointsOf } from './points.ts'
import type { SelectionPlan, Slice, Strategy, Uncertainty } from './selection-plan.ts'

/** What strategies go by, beside the candidates. */
export interface RankContext {
  readonly plan: SelectionPlan
  /** How many of each class were picked so far. */
  readonly classes: ReadonlyMap<string, number>
  readonly drifted: readonly Slice[]
  /** Candidates that were picked in this round already. */
  readonly picked: readonly Candidate[]
  /** How many are wanted at most. */
  readonly most: number
}

/** Candidates in the order in which a strategy wants them; those it does not want are left out. */
type Rank = (candidates: readonly Candidate[], context: RankContext) => readonly Candidate[]

/** Points that the core-set is chosen from: its work grows with points times picks. */
const MOST_POINTS = 2000

/** Each is higher the less sure the model is. */
const MEASURES: Readonly<Record<Uncertainty, (probabilities: readonly number[]) => number>> = {
  'least-confidence': leastConfidence,
  margin: marginUncertainty,
  entropy: entropyUncertainty,
}

const byLot = (a: Candidate, b: Candidate): number => (a.lot < b.lot ? -1 : 1)

const uncertainty: Rank = (candidates, { plan }) => {
  const measure = MEASURES[plan.uncertainty ?? 'entropy']
  const unsure = candidates.flatMap((candidate) => {
    const probabilities = distributionOf(candidate.prediction)
    return probabilities === undefined ? [] : [{ candidate, unsure: measure(probabilities) }]
  })
  return unsure
    .toSorted((a, b) => b.unsure - a.unsure || byLot(a.candidate, b.candidate))
    .map(({ candidate }) => candidate)
}

const diversity: Rank = (candidates, { plan, picked, most }) => {
  const chosen = new Set(picked)
  const some = candidates.toSorted(byLot).slice(0, MOST_POINTS)
  const { candidates: all, points } = pointsOf([...picked, ...some], plan.diversity ?? [])
  const labelled = all.flatMap((candidate, index) => (chosen.has(candidate) ? [index] : []))
  const free = all.length - labelled.length
  return greedyCoreSet(points, labelled, Math.min(most, free)).flatMap((index) => all[index] ?? [])
}

const balance: Rank = (candidates, { classes, picked }) => {
  const counts = new Map(classes)
  const count = (name: string): number => counts.get(name) ?? 0
  for (const { class: name } of picked) if (name !== undefined) counts.set(name, count(name) + 1)
  const waiting = Map.groupBy(
    candidates.filter((candidate) => candidate.class !== undefined).toSorted(byLot),
    (candidate) => candidate.class ?? '',
  )
  const ranked: Candidate[] = []
  for (;;) {
    const [least] = [...waiting].filter(([, list]) => list.length > 0).toSorted(([a], [b]) => count(a) - count(b))
    const next = least?.[1].shift()
    if (least === undefined || next === undefined) return ranked
    counts.set(least[0], count(least[0]) + 1)
    ranked.push(next)
  }
}

const ofSlices =
  (slices: (context: RankContext) => readonly Slice[]): Rank =>
  (candidates, context) =>
    candidates.filter(({ prediction }) => isOfSlice(prediction, slices(context))).toSorted(byLot)

/** One row a strategy that picks for a reason. */
export const RANKS: Readonly<Record<Exclude<Strategy, 'random'>, Rank>> = {
  uncertainty,
  diversity,
  balance,
  critical: ofSlices(({ plan }) => plan.critical ?? []),
  drifted: ofSlices(({ drifted }) => drifted),
}

import type { CompleteRules } from './live-rules.ts'
import type { Vote } from './weigh-votes.ts'

/**
 * How a live prediction came about.
 * - `confident`: the model was sure; nobody was asked.
 * - `agreed`: votes and model became sure before the deadline.
 * - `cutoff`: the deadline came, and what was most probable then was clear enough.
 * - `contested`: the deadline came, and the contention rule decided.
 * - `no-quorum`: the deadline came before enough had voted: it is the model's answer.
 * - `overloaded`: too many wait: the model's answer, at once.
 * - `withheld`: annotators may not see it: the model's answer, at once.
 */
export const LIVE_WAYS = ['confident', 'agreed', 'cutoff', 'contested', 'no-quorum', 'overloaded', 'withheld'] as const
export type LiveWay = (typeof LIVE_WAYS)[number]

/** What goes out, and how it came about. */
export interface LiveDecision {
  readonly value: string
  /** Of that class, by votes and model together. */
  readonly probability: number
  readonly how: LiveWay
  readonly votes: readonly Vote[]
  /** What the model said by itself. */
  readonly model: { readonly value: string; readonly probability: number }
  /** How long it took, in seconds. */
  readonly seconds: number
}

type Verdict = Pick<LiveDecision, 'value' | 'probability' | 'how'>

/** Index of the greatest; the first one of equals. */
const greatest = (values: readonly number[]): number => values.indexOf(Math.max(...values))

/** The class that a distribution points to. */
export function leading(
  classes: readonly string[],
  distribution: readonly number[],
): { value: string; probability: number } {
  const at = greatest(distribution)
  return { value: classes[at] ?? '', probability: distribution[at] ?? 0 }
}

interface Standing {
  readonly classes: readonly string[]
  /** The model's own distribution. */
  readonly model: readonly number[]
  /** Votes and model together. */
  readonly posterior: readonly number[]
  readonly votes: readonly Vote[]
}

/** The verdict that need not wait for the deadline; undefined: wait on. */
export function early(
  { classes, posterior, votes }: Standing,
  { quorum, certain }: CompleteRules,
): Verdict | undefined {
  const lead = leading(classes, posterior)
  return votes.length >= quorum && lead.probability >= certain ? { ...lead, how: 'agreed' } : undefined
}

/** The verdict at the deadline. */
export function final(
  { classes, model, posterior, votes }: Standing,
  { quorum, contestedBelow, contention }: CompleteRules,
): Verdict {
  if (votes.length < quorum) return { ...leading(classes, model), how: 'no-quorum' }
  const lead = leading(classes, posterior)
  const next = Math.max(...posterior.filter((_, at) => at !== greatest(posterior)))
  if (lead.probability - next >= contestedBelow) return { ...lead, how: 'cutoff' }
  if (contention === 'most-probable') return { ...lead, how: 'contested' }
  const value = contention === 'model' ? leading(classes, model).value : contention.value
  return { value, probability: posterior[classes.indexOf(value)] ?? 0, how: 'contested' }
}

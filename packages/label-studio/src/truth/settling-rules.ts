import { surprisinglyPopular } from '@groundtrace/statistics'
import type { Belief } from './crowd-verdict.ts'
import type { CheckedCrowdPolicy } from './truth-policy.ts'
import type { UnsettledReason } from './unsettled-reason.ts'
import { counted, type UnitVotes, type Vote } from './votes.ts'

/** What a rule makes of the votes of a unit. */
export interface Ruling {
  /** The label that it settles, and how. */
  readonly settles?: { readonly label: string; readonly by: 'agreement' | 'posterior' | 'surprise' }
  /** Why more answers are not waited for. */
  readonly contentions: readonly UnsettledReason[]
  /** Why it settles nothing; empty where it settles a label. */
  readonly why: readonly UnsettledReason[]
  /** Of the label, else of the most probable one. */
  readonly posterior?: number
  readonly method: string
}

/** The label that most votes name, if it is one. */
function leaderOf(labels: ReadonlyMap<string, number>): string | undefined {
  const most = Math.max(0, ...labels.values())
  const leaders = [...labels].filter(([, count]) => count === most)
  return leaders.length === 1 ? leaders[0]?.[0] : undefined
}

/** The label that enough annotators agree on. Two such labels are none. */
function agreedLabel(labels: ReadonlyMap<string, number>, agreeing: number): string | undefined {
  const agreed = [...labels].filter(([, count]) => count >= agreeing)
  return agreed.length === 1 ? agreed[0]?.[0] : undefined
}

/** The label that is probable enough, and that somebody gave. A bound above 0.5 leaves one at most. */
function probableLabel(
  labels: ReadonlyMap<string, number>,
  probability: Belief['probability'],
  { posterior, release }: CheckedCrowdPolicy,
  standing: string | undefined,
): string | undefined {
  return [...labels.keys()].find((label) => (probability?.[label] ?? 0) >= (label === standing ? release : posterior))
}

/** Two answers are the least that a group can be said to agree on. */
const GROUP_SIZE = 2

function disagreeingGroups(votes: readonly Vote[], label: string): boolean {
  const groups = Map.groupBy(votes, ({ group }) => group)
  return [...groups].some(([group, members]) => {
    if (group === undefined || members.length < GROUP_SIZE) return false
    const leader = leaderOf(counted(members))
    return leader !== undefined && leader !== label
  })
}

function whyNot(
  labels: ReadonlyMap<string, number>,
  answers: number,
  { probability }: Belief,
  { agreeing, minimum }: CheckedCrowdPolicy,
): readonly UnsettledReason[] {
  if (answers === 0) return ['no-answers']
  return [
    ...(answers < Math.min(agreeing, minimum) ? (['too-few-answers'] as const) : []),
    leaderOf(labels) === undefined ? 'tied' : 'no-agreement',
    probability === undefined ? 'no-posterior' : 'low-posterior',
  ]
}

/** Enough annotators say the same, or a label is probable enough. */
export function byAgreement(
  { votes }: UnitVotes,
  belief: Belief,
  policy: CheckedCrowdPolicy,
  standing: string | undefined,
): Ruling {
  const labels = counted(votes)
  const { probability, method } = belief
  const agreed = agreedLabel(labels, policy.agreeing)
  const probable = votes.length < policy.minimum ? undefined : probableLabel(labels, probability, policy, standing)
  const label = agreed ?? probable
  const posterior = probability && (label === undefined ? Math.max(...Object.values(probability)) : probability[label])
  const contentions: UnsettledReason[] = []
  if (agreed !== undefined && probable !== undefined && agreed !== probable) contentions.push('rules-disagree')
  if (label !== undefined && disagreeingGroups(votes, label)) contentions.push('groups-disagree')
  return {
    ...(label !== undefined && { settles: { label, by: agreed === undefined ? 'posterior' : 'agreement' } }),
    contentions,
    why: label === undefined ? whyNot(labels, votes.length, belief, policy) : [],
    ...(posterior !== undefined && { posterior }),
    method,
  }
}

const SURPRISE = 'surprisingly-popular/1'

/**
 * The label that more give than all together expect, once as many have answered as the policy asks at the most: before
 * that nothing tells a surprise from chance. A majority of those who do not know is outvoted by it, so groups may disagree.
 */
export function bySurprise({ votes }: UnitVotes, { maximum, classes }: CheckedCrowdPolicy): Ruling {
  const asked = votes.flatMap(({ label, shares }) => (shares === undefined ? [] : [{ label, shares }]))
  const unsettled = (why: UnsettledReason): Ruling => ({ contentions: [], why: [why], method: SURPRISE })
  if (votes.length === 0) return unsettled('no-answers')
  if (asked.length < maximum) return unsettled(votes.length < maximum ? 'too-few-answers' : 'shares-missing')
  const { answer, tied } = surprisinglyPopular({
    answers: asked.map(({ label }) => classes.indexOf(label)),
    predictions: asked.map(({ shares }) => classes.map((name) => shares[name] ?? 0)),
  })
  const label = classes[answer]
  if (tied || label === undefined) return unsettled('tied')
  return { settles: { label, by: 'surprise' }, contentions: [], why: [], method: SURPRISE }
}

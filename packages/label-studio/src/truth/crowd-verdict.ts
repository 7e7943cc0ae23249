import type { CheckedCrowdPolicy } from './truth-policy.ts'
import { counted, type UnitVotes } from './votes.ts'

/** What a model of the annotators believes of a unit. */
export interface Belief {
  /** How it came about, with the version: `majority/1`, `one-coin/1`, `dawid-skene/1`. */
  readonly method: string
  /**
   * Probability of each label. Absent where there is no model: shares of votes are not probabilities, and settle nothing.
   */
  readonly probability?: Readonly<Record<string, number>>
}

/**
 * Why a unit is not settled.
 * - `no-answers`, `too-few-answers`: fewer than could settle it.
 * - `no-agreement`: too few annotators say the same.
 * - `tied`: two labels have the most answers.
 * - `no-posterior`: there is too little data for a model of the annotators, or none could be trusted.
 * - `low-posterior`: no label is probable enough.
 * - `groups-missing`: too few of the declared groups have answered.
 * - `unclear`: annotators flagged it as unclear.
 * - `groups-disagree`: a group says otherwise than all together.
 * - `rules-disagree`: enough annotators agree, but the model is sure of another label.
 */
export const UNSETTLED_REASONS = [
  'no-answers',
  'too-few-answers',
  'no-agreement',
  'tied',
  'no-posterior',
  'low-posterior',
  'groups-missing',
  'unclear',
  'groups-disagree',
  'rules-disagree',
] as const
export type UnsettledReason = (typeof UNSETTLED_REASONS)[number]

/** The votes of a unit in numbers; it names nobody. */
export interface Tally {
  /** Annotators who gave each label. */
  readonly labels: Readonly<Record<string, number>>
  readonly answers: number
  /** Annotators who flagged it as unclear, and who skipped it. */
  readonly unclear: number
  readonly skipped: number
  /** Answers that do not count: of nobody, of a stranger, edited by somebody else, or without a label of the task. */
  readonly uncounted: number
}

interface Judged {
  readonly tally: Tally
  /** Of the label that was settled, else of the most probable one. */
  readonly posterior?: number
  readonly method: string
}

/** What the answers of a unit come to. */
export type CrowdVerdict =
  | (Judged & {
      readonly state: 'settled'
      readonly label: string
      /** The rule that did: enough annotators agree, or the label is probable enough. */
      readonly by: 'agreement' | 'posterior'
    })
  | (Judged & {
      /** `open`: more answers may settle it. `contentious`: they are not waited for. */
      readonly state: 'open' | 'contentious'
      readonly why: readonly UnsettledReason[]
      /** Declared groups that have not answered, where too few have. */
      readonly missingGroups?: readonly string[]
    })

/** Two answers are the least that a group can be said to agree on. */
const GROUP_SIZE = 2

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

function disagreeingGroups({ votes }: UnitVotes, label: string): boolean {
  const groups = Map.groupBy(votes, ({ group }) => group)
  return [...groups].some(([group, members]) => {
    if (group === undefined || members.length < GROUP_SIZE) return false
    const leader = leaderOf(counted(members))
    return leader !== undefined && leader !== label
  })
}

/** Why the two rules settle nothing. */
function whyNot(labels: ReadonlyMap<string, number>, answers: number, belief: Belief, policy: CheckedCrowdPolicy) {
  const why: UnsettledReason[] = []
  if (answers === 0) return ['no-answers'] as const
  if (answers < Math.min(policy.agreeing, policy.minimum)) why.push('too-few-answers')
  why.push(leaderOf(labels) === undefined ? 'tied' : 'no-agreement')
  why.push(belief.probability === undefined ? 'no-posterior' : 'low-posterior')
  return why
}

/**
 * What a unit's answers come to: a function of the answers that stand and of nothing else, so that it is the same in
 * whatever order they came. What came before matters in one way: a label that stands is kept down to `release`.
 * @param standing the label that is settled now, if one is
 */
export function crowdVerdict(
  unit: UnitVotes,
  belief: Belief,
  policy: CheckedCrowdPolicy,
  standing?: string,
): CrowdVerdict {
  const { votes, unclear, skipped, uncounted } = unit
  const labels = counted(votes)
  const answers = votes.length
  const agreed = agreedLabel(labels, policy.agreeing)
  const probable = answers < policy.minimum ? undefined : probableLabel(labels, belief.probability, policy, standing)
  const label = agreed ?? probable
  const heard = new Set(votes.map(({ group }) => group))
  const missing = policy.groups.filter((group) => !heard.has(group))
  const isHeard = policy.groups.length - missing.length >= policy.groupsNeeded

  const contentions: UnsettledReason[] = []
  if (unclear >= policy.unclear) contentions.push('unclear')
  if (agreed !== undefined && probable !== undefined && agreed !== probable) contentions.push('rules-disagree')
  if (label !== undefined && disagreeingGroups(unit, label)) contentions.push('groups-disagree')

  const probability = belief.probability
  const posterior = probability && (label === undefined ? Math.max(...Object.values(probability)) : probability[label])
  const judged = {
    tally: { labels: Object.fromEntries(labels), answers, unclear, skipped, uncounted },
    ...(posterior !== undefined && { posterior }),
    method: belief.method,
  }
  if (label !== undefined && isHeard && contentions.length === 0)
    return { state: 'settled', label, by: agreed === undefined ? 'posterior' : 'agreement', ...judged }

  const why = [
    ...contentions,
    ...(label === undefined ? whyNot(labels, answers, belief, policy) : []),
    ...(isHeard ? [] : (['groups-missing'] as const)),
  ]
  const isContentious = contentions.length > 0 || answers >= policy.maximum
  return {
    state: isContentious ? 'contentious' : 'open',
    why,
    ...(!isHeard && { missingGroups: missing }),
    ...judged,
  }
}

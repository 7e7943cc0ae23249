import { byAgreement, bySurprise } from './settling-rules.ts'
import type { CheckedCrowdPolicy } from './truth-policy.ts'
import type { UnsettledReason } from './unsettled-reason.ts'
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
      /** What did: enough annotators agree, the label is probable enough, or it is surprisingly popular. */
      readonly by: 'agreement' | 'posterior' | 'surprise'
    })
  | (Judged & {
      /** `open`: more answers may settle it. `contentious`: they are not waited for. */
      readonly state: 'open' | 'contentious'
      readonly why: readonly UnsettledReason[]
      /** Declared groups that have not answered, where too few have. */
      readonly missingGroups?: readonly string[]
    })

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
  const { settles, posterior, method, ...ruling } =
    policy.rule === 'surprisingly-popular' ? bySurprise(unit, policy) : byAgreement(unit, belief, policy, standing)
  const heard = new Set(votes.map(({ group }) => group))
  const missing = policy.groups.filter((group) => !heard.has(group))
  const isHeard = policy.groups.length - missing.length >= policy.groupsNeeded
  const contentions: readonly UnsettledReason[] = [
    ...(unclear >= policy.unclear ? (['unclear'] as const) : []),
    ...ruling.contentions,
  ]
  const labels = Object.fromEntries(counted(votes))
  const judged = {
    tally: { labels, answers: votes.length, unclear, skipped, uncounted },
    ...(posterior !== undefined && { posterior }),
    method,
  }
  if (settles !== undefined && isHeard && contentions.length === 0) return { state: 'settled', ...settles, ...judged }
  const isContentious = contentions.length > 0 || votes.length >= policy.maximum
  return {
    state: isContentious ? 'contentious' : 'open',
    why: [...contentions, ...ruling.why, ...(isHeard ? [] : (['groups-missing'] as const))],
    ...(!isHeard && { missingGroups: missing }),
    ...judged,
  }
}

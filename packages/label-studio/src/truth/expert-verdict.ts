import type { Tally } from './crowd-verdict.ts'
import type { CheckedExpertPolicy } from './truth-policy.ts'
import { counted, type UnitVotes } from './votes.ts'

/** How an expert's label came about, in the lines of the register. */
const EXPERT_METHOD = 'expert'

/** What the answers of experts come to. */
export type ExpertVerdict = { readonly tally: Tally; readonly method: typeof EXPERT_METHOD } & (
  | { readonly state: 'settled'; readonly label: string; readonly by: 'agreement' }
  | {
      readonly state: 'open' | 'contentious'
      readonly why: readonly ('no-answers' | 'too-few-answers' | 'experts-disagree')[]
    }
)

/**
 * What experts say: one label from as many as the policy asks for, and no other. Experts who disagree are not outvoted: the
 * unit is contentious until they agree.
 */
export function expertVerdict(unit: UnitVotes, { agreeing }: Pick<CheckedExpertPolicy, 'agreeing'>): ExpertVerdict {
  const { votes, unclear, skipped, uncounted } = unit
  const labels = counted(votes)
  const tally = { labels: Object.fromEntries(labels), answers: votes.length, unclear, skipped, uncounted }
  const method = EXPERT_METHOD
  const [label] = labels.keys()
  if (label === undefined) return { state: 'open', why: ['no-answers'], tally, method }
  if (labels.size > 1) return { state: 'contentious', why: ['experts-disagree'], tally, method }
  if (votes.length < agreeing) return { state: 'open', why: ['too-few-answers'], tally, method }
  return { state: 'settled', label, by: 'agreement', tally, method }
}

import type { AnswerBook, BookUnit } from '../bridge/answer-book.ts'
import type { Outbox } from '../bridge/outbox.ts'
import type { HeldUnit } from './decide.ts'
import { UNHEARD } from './truth-line.ts'
import type { CheckedTruthPolicy } from './truth-policy.ts'
import { votesOf, type AnswerReader, type UnitVotes } from './votes.ts'

const UNITS = 1000

/** The votes of a unit; undefined for one of a project that the policy is not about. */
export function votesBy(
  policy: CheckedTruthPolicy,
  read: AnswerReader,
  { unit: { project }, answers }: BookUnit,
): UnitVotes | undefined {
  const { classes, crowd, expert } = policy
  const policyOf = (members: ReadonlySet<number> | undefined) => ({
    classes,
    project,
    read,
    ...(members && { members }),
  })
  if (project === crowd?.project) return votesOf(answers, { ...policyOf(crowd.members), groupOf: crowd.groupOf })
  return project === expert?.project ? votesOf(answers, policyOf(expert.members)) : undefined
}

/** All units of a policy that anything was answered for, or is held of, by their number. */
export function heldUnits(
  book: Pick<AnswerBook, 'units'>,
  truths: Outbox['truths'],
  policy: CheckedTruthPolicy,
  read: AnswerReader,
): Map<number, HeldUnit> {
  const held = new Map<number, HeldUnit>()
  const standing = truths.standing()
  for (let after = 0; ;) {
    const { units, position } = book.units({ after, limit: UNITS })
    for (const bookUnit of units) {
      const { unit, answers } = bookUnit
      const truth = standing.get(unit.id)
      if (truth === undefined && answers.length === 0) continue
      const votes = votesBy(policy, read, bookUnit)
      if (votes !== undefined) held.set(unit.id, { unit, votes, truth: truth ?? UNHEARD })
    }
    if (units.length < UNITS) return held
    after = position
  }
}

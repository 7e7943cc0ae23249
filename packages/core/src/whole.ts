import type { Verdict } from './outcome.ts'
import { expectPrediction, type Prediction } from './prediction.ts'
import { isRight, sameValue, type Resolution } from './resolve.ts'
import { callOf, type TrackingId } from './tracking-id.ts'

const isRow = (id: TrackingId): boolean => callOf(id) !== id

/**
 * Whether what is true of a whole is true of a member: both are of one task, the member names the whole, and they are
 * about the same case. They are when both have the same business key, or when the member has none and neither is a row: the
 * rows of a batch are about different things. A member with a key that the whole does not have is about something else,
 * such as one paragraph of a text. Pure.
 * @throws GroundtraceError `invalid-prediction`
 */
export function sharesTruth(whole: Prediction, member: Prediction): boolean {
  expectPrediction(whole)
  expectPrediction(member)
  if (whole.task.name !== member.task.name || whole.task.kind !== member.task.kind) return false
  if (member.whole !== whole.id && member.whole !== callOf(whole.id)) return false
  if (member.entity !== undefined) return member.entity === whole.entity
  return !isRow(whole.id) && !isRow(member.id)
}

/**
 * Whether a member was right, given the verdict on its whole; undefined where that does not say. Whether the whole was
 * right says nothing of a member: only the truth does, or a class that is known not to be it. Pure.
 * @param member a member that shares the truth of the whole
 * @throws GroundtraceError `invalid-prediction`
 */
export function memberVerdict(
  member: Prediction,
  { state, label, ruledOut }: Verdict | Resolution,
): boolean | undefined {
  expectPrediction(member)
  if (state !== 'settled') return undefined
  if (label !== undefined) return isRight(member, label)
  return ruledOut?.some((out) => sameValue(out, member.value)) === true ? false : undefined
}

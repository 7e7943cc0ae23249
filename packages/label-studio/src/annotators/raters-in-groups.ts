import { wilsonInterval } from '@groundtrace/statistics'
import type { CheckedCrowdPolicy } from '../truth/truth-policy.ts'
import type { AnnotatorAnswer } from './annotator-answer.ts'
import { accuracyOf, type Accuracy } from './figure.ts'
import type { AnswerEvidence } from './own-evidence.ts'

/** A declared group of raters, beside the people whom the model serves. */
export interface GroupOfRaters {
  readonly group: string
  /** Members who answered. */
  readonly annotators: number
  readonly answers: number
  /** Of all answers of declared groups, with its interval: over answers, so wider in truth where few people give many. */
  readonly share: number
  readonly interval: readonly [number, number]
  /** Of the people served, as declared; absent where it was not. */
  readonly serves?: number
  /** `serves` ÷ `share`: what an answer of the group counts for when answers are to stand for the people served. */
  readonly weight?: number
  /**
   * `under`: the whole interval is below what it stands for; `over`: above; `unknown`: it holds it, or nothing was declared.
   */
  readonly represented: 'under' | 'over' | 'unknown'
  /** How often the group's answers are right, all members together. */
  readonly accuracy: Accuracy
}

function representedBy(interval: readonly [number, number], serves: number | undefined): GroupOfRaters['represented'] {
  if (serves === undefined) return 'unknown'
  if (interval[1] < serves) return 'under'
  return interval[0] > serves ? 'over' : 'unknown'
}

/** Who answers against whom the model serves, by declared group, in order of their names. */
export function ratersInGroups(
  answers: readonly AnnotatorAnswer[],
  evidence: readonly AnswerEvidence[],
  { groups, groupOf, serves }: Pick<CheckedCrowdPolicy, 'groups' | 'groupOf' | 'serves'>,
): readonly GroupOfRaters[] {
  const votes = answers.filter(({ label, annotator }) => label !== undefined && groupOf.has(annotator))
  return groups.map((group) => {
    const own = votes.filter(({ annotator }) => groupOf.get(annotator) === group)
    const share = votes.length === 0 ? 0 : own.length / votes.length
    const interval = wilsonInterval(own.length, votes.length)
    const served = serves[group]
    return {
      group,
      annotators: new Set(own.map(({ annotator }) => annotator)).size,
      answers: own.length,
      share,
      interval,
      ...(served !== undefined && { serves: served }),
      ...(served !== undefined && share > 0 && { weight: served / share }),
      represented: votes.length === 0 ? 'unknown' : representedBy(interval, served),
      accuracy: accuracyOf(evidence.filter(({ annotator }) => groupOf.get(annotator) === group)),
    }
  })
}

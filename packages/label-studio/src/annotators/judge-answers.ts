import type { TrackingId } from '@groundtrace/core'
import { dawidSkene, mace, oneCoin, settledWithoutOwn, type AnswerModel } from '@groundtrace/statistics'
import type { CrowdChoice, CrowdRating } from '../truth/consensus-choice.ts'
import type { AnnotatorAnswer } from './annotator-answer.ts'

/** An answer beside a truth that its annotator had no say in. */
export interface Judged {
  readonly unit: number
  readonly rater: number
  readonly value: string
  readonly truth: string
  readonly by: 'experts' | 'others'
  /** When the answer was given. */
  readonly time: number
}

/** Votes in the form that statistics take. */
export const ratingsOf = (answers: readonly AnnotatorAnswer[]): readonly CrowdRating[] =>
  answers.flatMap(({ unit, annotator, label }) =>
    label === undefined ? [] : [{ unit, rater: annotator, value: label }],
  )

/**
 * A model of the crowd's annotators; undefined where none can be trusted: there are no votes, or all together are no better
 * than a guess.
 */
export function annotatorModel(
  rows: readonly CrowdRating[],
  method: CrowdChoice['method'] | undefined,
): AnswerModel | undefined {
  if (rows.length === 0) return undefined
  if (method === 'dawid-skene') return dawidSkene(rows)
  if (method === 'mace') return mace(rows)
  const fit = oneCoin(rows)
  return fit.pooledSkill > 1 / Math.max(2, fit.classes.length) ? fit : undefined
}

/**
 * Judges the crowd's answers by a truth that was settled without them: by experts where they have settled it, else by at
 * least two other annotators of the same unit. What neither settles is not judged: so figures are of units that can be
 * settled, which are easier than the rest.
 * @param byExperts the label that experts hold, by prediction
 */
export function judgedAnswers(
  answers: readonly AnnotatorAnswer[],
  byExperts: ReadonlyMap<TrackingId, string>,
  model: AnswerModel | undefined,
): readonly Judged[] {
  const votes = answers.filter(({ label }) => label !== undefined)
  const settledByOthers = model === undefined ? [] : settledWithoutOwn(model, ratingsOf(votes))
  const truths = new Map(settledByOthers.map(({ unit, rater, truth }) => [`${unit} ${rater}`, String(truth)]))
  return votes.flatMap(({ unit, prediction, annotator: rater, label: value = '', time }): readonly Judged[] => {
    const expert = byExperts.get(prediction)
    if (expert !== undefined) return [{ unit, rater, value, truth: expert, by: 'experts', time }]
    const truth = truths.get(`${unit} ${rater}`)
    return truth === undefined ? [] : [{ unit, rater, value, truth, by: 'others', time }]
  })
}

import type { TrackingId } from '@groundtrace/core'
import { posteriorOf, type AnswerModel } from '@groundtrace/statistics'
import type { OwnEvidence } from './accuracy-estimate.ts'
import type { AnnotatorAnswer } from './annotator-answer.ts'

/** What is known of an answer without its annotator, and by whom. */
export interface AnswerEvidence extends OwnEvidence {
  readonly annotator: number
  /** When the answer was given: milliseconds since 1970. */
  readonly time: number
  readonly by: 'experts' | 'others'
}

/**
 * Evidence on each answer: of experts where they have settled the unit, else of the others who answered it, by a model of
 * these. An answer that nobody else answered has none, and is left out: that does not depend on what it says.
 * @param byExperts the label that experts hold, by prediction
 */
export function ownEvidence(
  answers: readonly AnnotatorAnswer[],
  byExperts: ReadonlyMap<TrackingId, string>,
  model: AnswerModel | undefined,
  classes: readonly string[],
): readonly AnswerEvidence[] {
  const byUnit = Map.groupBy(answers, ({ unit }) => unit)
  return answers.flatMap(({ unit, prediction, annotator, label, time }): readonly AnswerEvidence[] => {
    if (label === undefined) return []
    const answer = classes.indexOf(label)
    const expert = byExperts.get(prediction)
    if (expert !== undefined) {
      return [{ annotator, time, answer, truth: classes.map((name) => (name === expert ? 1 : 0)), by: 'experts' }]
    }
    const others = (byUnit.get(unit) ?? []).flatMap((other) =>
      other.annotator === annotator || other.label === undefined
        ? []
        : [{ rater: other.annotator, value: other.label }],
    )
    if (others.length === 0 || model === undefined) return []
    const { probability } = posteriorOf(model, others)
    return [{ annotator, time, answer, truth: classes.map((name) => probability[name] ?? 0), by: 'others' }]
  })
}

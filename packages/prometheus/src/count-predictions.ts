import { AUTHORITIES, OUTCOME_STATES, type Count, type Prediction } from '@groundtrace/core'
import type { LabelsOf } from './catalogue.ts'
import { NONE } from './labels.ts'
import { namedClasses, predictedLabel, propensityLabel, versionLabels, wordLabel } from './label-values.ts'
import { scoreOf } from './score-of.ts'
import { Tally } from './tally.ts'

/** Up to so many classes the whole confusion matrix begins at 0, beyond that only its diagonal. */
const WHOLE_MATRIX_CLASSES = 10

/** What the predictions of a page add to the counts. Pure: the same lines give the same counts. */
export function countPredictions(lines: readonly Prediction[]): readonly Count[] {
  const tally = new Tally()
  const begun = new Set<string>()
  const once = (name: string, begin: () => void): void => {
    if (begun.has(name)) return
    begun.add(name)
    begin()
  }
  for (const prediction of lines) {
    const labels = versionLabels(prediction)
    const key = JSON.stringify(labels)
    once(`quality ${key}`, () => beginQuality(tally, prediction))
    const action = wordLabel(prediction.policy?.action)
    tally.add('groundtrace_predictions_total', { ...labels, predicted: predictedLabel(prediction), action })
    const score = scoreOf(prediction)
    if (score !== undefined) tally.observe('groundtrace_prediction_score', labels, score)
    if (prediction.policy?.propensity === undefined) continue
    once(`holdout ${key}`, () => beginHoldout(tally, prediction))
    const tier = { ...labels, action, propensity: propensityLabel(prediction.policy.propensity) }
    tally.add('groundtrace_holdout_eligible_total', tier)
    tally.add('groundtrace_holdout_explored_total', tier, prediction.policy.explored === true ? 1 : 0)
  }
  return tally.counts()
}

/**
 * Begins every figure that comes at the horizon at 0. Prometheus sees an increase only between two samples: a rare
 * error that appeared with its first count would never be seen to increase, and quality would look too good.
 */
function beginQuality(tally: Tally, prediction: Prediction): void {
  const labels = versionLabels(prediction)
  for (const verdict of ['correct', 'incorrect'] as const) {
    tally.add('groundtrace_verdicts_total', { ...labels, verdict }, 0)
  }
  for (const state of OUTCOME_STATES) {
    for (const authority of state === 'settled' ? AUTHORITIES : [NONE]) {
      tally.add('groundtrace_outcomes_total', { ...labels, state, authority }, 0)
    }
  }
  for (const cell of cellsOf(prediction)) tally.add('groundtrace_confusion_total', cell, 0)
}

function beginHoldout(tally: Tally, prediction: Prediction): void {
  for (const cell of cellsOf(prediction)) {
    tally.add('groundtrace_holdout_weight_total', cell, 0)
    tally.add('groundtrace_holdout_weight_squares_total', cell, 0)
  }
}

/** The cells of the confusion matrix: all of a small one, of a large one the diagonal. */
function cellsOf(prediction: Prediction): readonly LabelsOf<'groundtrace_confusion_total'>[] {
  const classes = namedClasses(prediction.task)
  return classes.flatMap((predicted) =>
    (classes.length <= WHOLE_MATRIX_CLASSES ? classes : [predicted]).map((truth) => {
      const verdict = truth === predicted ? 'correct' : 'incorrect'
      return { ...versionLabels(prediction), predicted, truth, verdict }
    }),
  )
}

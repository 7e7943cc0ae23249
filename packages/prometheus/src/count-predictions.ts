import { AUTHORITIES, OUTCOME_STATES, type Count, type Prediction } from '@groundtrace/core'
import type { LabelsOf } from './catalogue.ts'
import { NONE, OTHER } from './labels.ts'
import {
  namedClasses,
  predictedLabel,
  predictionLabels,
  propensityLabel,
  versionLabels,
  wordLabel,
} from './label-values.ts'
import { scoreOf } from './score-of.ts'
import { Tally } from './tally.ts'

/** Up to so many classes the whole confusion matrix begins at 0, beyond that only its diagonal. */
const WHOLE_MATRIX_CLASSES = 10

const VERDICTS = ['correct', 'incorrect'] as const

type Cell = Pick<LabelsOf<'groundtrace_confusion_total'>, 'predicted' | 'truth' | 'verdict'>

/** Where a task has no classes, each of its values is another one. */
const WITHOUT_CLASSES: readonly Cell[] = VERDICTS.map((verdict) => ({ predicted: OTHER, truth: OTHER, verdict }))

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
    const labels = predictionLabels(prediction)
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
  const labels = predictionLabels(prediction)
  for (const verdict of VERDICTS) {
    tally.add('groundtrace_verdicts_total', { ...labels, verdict }, 0)
  }
  for (const state of OUTCOME_STATES) {
    for (const authority of state === 'settled' ? AUTHORITIES : [NONE]) {
      tally.add('groundtrace_outcomes_total', { ...labels, state, authority }, 0)
    }
  }
  for (const cell of cellsOf(prediction)) tally.add('groundtrace_confusion_total', { ...labels, ...cell }, 0)
  if (labels.part === 'member') beginMember(tally, prediction)
}

function beginMember(tally: Tally, prediction: Prediction): void {
  const labels = versionLabels(prediction)
  const cells = prediction.task.classes === undefined ? WITHOUT_CLASSES : cellsOf(prediction)
  for (const cell of cells) tally.add('groundtrace_member_verdicts_total', { ...labels, ...cell }, 0)
}

function beginHoldout(tally: Tally, prediction: Prediction): void {
  const labels = predictionLabels(prediction)
  for (const cell of cellsOf(prediction)) {
    tally.add('groundtrace_holdout_weight_total', { ...labels, ...cell }, 0)
    tally.add('groundtrace_holdout_weight_squares_total', { ...labels, ...cell }, 0)
  }
}

/** The cells of the confusion matrix: all of a small one, of a large one the diagonal. */
function cellsOf(prediction: Prediction): readonly Cell[] {
  const classes = namedClasses(prediction.task)
  return classes.flatMap((predicted) =>
    (classes.length <= WHOLE_MATRIX_CLASSES ? classes : [predicted]).map((truth) => {
      const verdict = truth === predicted ? 'correct' : 'incorrect'
      return { predicted, truth, verdict }
    }),
  )
}

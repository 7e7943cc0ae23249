import { table, timeSeries } from '../panel.ts'
import { QUERIES } from '../queries.ts'

const WEIGHTED =
  'Weighted: only explored predictions, each standing for 1 / propensity of its kind. Naive: every known truth alike, which leaves out what was blocked and hears those who complain. Blank where the evidence, for the weighted one its effective sample size, is below the least.'

export function holdoutPanels() {
  return [
    timeSeries({
      title: 'Precision: naive and weighted',
      description: `Of the predictions of a class, the share that is of that class. ${WEIGHTED}`,
      unit: 'percentunit',
      width: 12,
      queries: [QUERIES.naivePrecision, QUERIES.weightedPrecision],
      share: true,
    }),
    timeSeries({
      title: 'Recall: naive and weighted',
      description: `Of the truths of a class, the share that was predicted as such. ${WEIGHTED}`,
      unit: 'percentunit',
      width: 12,
      queries: [QUERIES.naiveRecall, QUERIES.weightedRecall],
      share: true,
    }),
    timeSeries({
      title: 'Effective sample size of the weighted figures',
      description: 'As many predictions without weights would tell as much. It is small when a few weigh much.',
      unit: 'short',
      width: 12,
      queries: [QUERIES.precisionSampleSize, QUERIES.recallSampleSize],
    }),
    table({
      title: 'Holdout by action and propensity',
      description:
        'Predictions that could have been explored and those that were, within the window; and truths revealed since the beginning. Explored over eligible should be the propensity.',
      unit: 'short',
      width: 12,
      queries: [QUERIES.holdoutEligible, QUERIES.holdoutExplored, QUERIES.holdoutRevealed],
    }),
  ]
}

import { timeSeries } from '../panel.ts'
import { QUERIES } from '../queries.ts'

export function feedbackPanels() {
  return [
    timeSeries({
      title: 'Feedback coverage',
      description:
        'Share of the predictions that closed within the window on which somebody gave an answer that proves something. Declared silence is no answer. Blank below the least evidence. Still to come: of the answers to the predictions of the last horizon.',
      unit: 'percentunit',
      width: 8,
      queries: [QUERIES.coverage, QUERIES.answersToCome],
      share: true,
    }),
    timeSeries({
      title: 'Feedback delay',
      description:
        'Time from a prediction to feedback on it. Quality of predictions younger than that is not known. Blank below the least evidence.',
      unit: 's',
      width: 8,
      queries: [QUERIES.delayMedian, QUERIES.delayNinety, QUERIES.delayNinetyNine],
    }),
    timeSeries({
      title: 'Outcomes by state',
      description: 'Predictions that closed within the window. Expired: nobody answered. Censored: nobody could.',
      unit: 'short',
      width: 8,
      queries: [QUERIES.outcomeStates],
      stacked: true,
    }),
    timeSeries({
      title: 'Feedback per second',
      description:
        'Feedback that joined its prediction, by kind and source. Held: waits for confirmation, because its source gains from it.',
      unit: 'cps',
      width: 8,
      queries: [QUERIES.feedbackPerSecond],
    }),
    timeSeries({
      title: 'Feedback refused',
      description:
        'Feedback of all tasks that changed nothing, within the window: duplicates, conflicts, and what could not be used.',
      unit: 'short',
      width: 8,
      queries: [QUERIES.feedbackRefused],
    }),
    timeSeries({
      title: 'Truths revised after the horizon',
      description:
        'Since the beginning, from what was held to be true to what is now. Add to the new cell of the matrix, take from the old.',
      unit: 'short',
      width: 8,
      queries: [QUERIES.revisions],
    }),
  ]
}

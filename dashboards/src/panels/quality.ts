import { timeSeries } from '../panel.ts'
import { QUERIES } from '../queries.ts'

const BLANK =
  'Blank where fewer predictions than the least evidence are behind it: too few to see, not bad and not good.'

export function qualityPanels() {
  return [
    timeSeries({
      title: 'Accuracy at the horizon',
      description: `Share of right ones among the predictions that closed within the window and whose truth is known. ${BLANK}`,
      unit: 'percentunit',
      width: 6,
      queries: [QUERIES.accuracy],
      share: true,
    }),
    timeSeries({
      title: 'Precision at the horizon',
      description: `Of the predictions of a class, the share that is of that class. ${BLANK}`,
      unit: 'percentunit',
      width: 6,
      queries: [QUERIES.precision],
      share: true,
    }),
    timeSeries({
      title: 'Recall at the horizon',
      description: `Of the known truths of a class, the share that was predicted as such. ${BLANK}`,
      unit: 'percentunit',
      width: 6,
      queries: [QUERIES.recall],
      share: true,
    }),
    timeSeries({
      title: 'Members by the truth of their whole',
      description: `Share of right ones among the members of predictions that closed within the window, such as the models of an ensemble. ${BLANK}`,
      unit: 'percentunit',
      width: 6,
      queries: [QUERIES.memberAccuracy],
      share: true,
    }),
  ]
}

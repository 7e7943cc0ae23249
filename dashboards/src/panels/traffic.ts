import { timeSeries } from '../panel.ts'
import { QUERIES } from '../queries.ts'

export function trafficPanels() {
  return [
    timeSeries({
      title: 'Predictions per second',
      description: 'By model version. A version that takes over shows as one line that rises while the other falls.',
      unit: 'cps',
      width: 12,
      queries: [QUERIES.predictionsPerSecond],
    }),
    timeSeries({
      title: 'Predicted share by class',
      description: 'Of the predictions of a model. A shift means that the world changed or the model did.',
      unit: 'percentunit',
      width: 12,
      queries: [QUERIES.predictedShare],
      share: true,
    }),
    timeSeries({
      title: 'Score drift against chance',
      description:
        'Population stability index of the latest scores against the reference, beside the index that chance alone would pass at this number of units. Drift is an index above its own threshold. Blank while blind.',
      unit: 'none',
      width: 12,
      queries: [QUERIES.driftIndex, QUERIES.driftThreshold],
    }),
    timeSeries({
      title: 'Units behind the drift figure',
      description:
        'How many predictions are compared. A line “blind” stands at 1 where they are too few to say anything.',
      unit: 'short',
      width: 12,
      queries: [QUERIES.driftUnits, QUERIES.driftBlind],
    }),
  ]
}

import { timeSeries } from '../panel.ts'
import { QUERIES } from '../queries.ts'

export function generationPanels() {
  return [
    timeSeries({
      title: 'Examples of each version',
      description: 'Examples that a version was trained on and validated with.',
      unit: 'short',
      width: 6,
      queries: [QUERIES.trainingExamples, QUERIES.validationExamples],
    }),
    timeSeries({
      title: 'Retrainings asked for',
      description: 'Since the beginning, by trigger.',
      unit: 'short',
      width: 6,
      queries: [QUERIES.retrainings],
    }),
    timeSeries({
      title: 'Decisions of the promotion gate',
      description: 'Since the beginning. Blind: there was too little evidence to promote.',
      unit: 'short',
      width: 6,
      queries: [QUERIES.gateDecisions],
    }),
    timeSeries({
      title: 'Lines lost by reason',
      description: 'Since the beginning, all tasks.',
      unit: 'short',
      width: 6,
      queries: [QUERIES.linesLostByReason],
    }),
  ]
}

import { timeSeries } from '../panel.ts'
import { QUERIES } from '../queries.ts'

export function annotationPanels() {
  return [
    timeSeries({
      title: 'Predictions with annotators',
      description:
        'Where predictions that were picked stand: planned, sent to Label Studio, seen there, gone from it, or dropped. Blank without a bridge.',
      unit: 'short',
      width: 6,
      queries: [QUERIES.annotationUnits],
      stacked: true,
    }),
    timeSeries({
      title: 'Why they were picked',
      description:
        'Quality is estimated from random picks alone; all others serve learning. Without random ones nothing is known about quality.',
      unit: 'short',
      width: 6,
      queries: [QUERIES.annotationPicks],
      stacked: true,
    }),
    timeSeries({
      title: 'Answers of annotators',
      description:
        'By what happened to them last. Kept: the server has lost them, and the bridge has not. Nobody is named here; the report of the annotation lead tells more.',
      unit: 'short',
      width: 6,
      queries: [QUERIES.annotationAnswers],
      stacked: true,
    }),
    timeSeries({
      title: 'What is held of truth',
      description:
        'Predictions whose truth annotators have settled, and those that they could not settle. The report of the annotation lead says why.',
      unit: 'short',
      width: 6,
      queries: [QUERIES.annotationTruths],
      stacked: true,
    }),
    timeSeries({
      title: 'Truth settled and taken back',
      description:
        'Within the window. Much of it taken back: answers change after they were believed, or too few are asked before.',
      unit: 'short',
      width: 12,
      queries: [QUERIES.annotationTruthLines],
    }),
    timeSeries({
      title: 'Settled truth on its way',
      description: 'What was settled from answers, by whether the register has it yet and what it said.',
      unit: 'short',
      width: 12,
      queries: [QUERIES.annotationFeedback],
    }),
  ]
}

import type { Count, LedgerLines } from '@groundtrace/core'
import { predictionLabels } from './label-values.ts'
import { Tally } from './tally.ts'

/** What the feedback of a page, each line joined to its prediction, adds to the counts. Pure. */
export function countFeedback(lines: readonly LedgerLines['feedback'][]): readonly Count[] {
  const tally = new Tally()
  for (const { feedback, prediction, status } of lines) {
    const { kind, source } = feedback
    const labels = predictionLabels(prediction)
    tally.add('groundtrace_feedback_total', { ...labels, kind, source, status })
    if (kind === 'retraction') continue
    // Clocks of two machines differ: an answer before its question came at once.
    const delaySeconds = Math.max(0, feedback.time - prediction.time) / 1000
    tally.observe(
      'groundtrace_feedback_delay_seconds',
      { task: labels.task, model: labels.model, source },
      delaySeconds,
    )
  }
  return tally.counts()
}

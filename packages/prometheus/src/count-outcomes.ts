import type { Count, JoinedOutcome } from '@groundtrace/core'
import { NONE } from './labels.ts'
import {
  heldLabel,
  predictedLabel,
  propensityLabel,
  truthLabel,
  verdictLabel,
  versionLabels,
  wordLabel,
} from './label-values.ts'
import { Tally } from './tally.ts'

/**
 * What the outcomes of a page add to the counts. Pure. Quality counts once per prediction, at its horizon: an early line
 * may still change and counts nothing; a late one counts as a revision, from what was held to be true to what is now.
 */
export function countOutcomes(lines: readonly JoinedOutcome[]): readonly Count[] {
  const tally = new Tally()
  for (const line of lines) {
    if (line.outcome.phase === 'horizon') countClosed(tally, line)
    if (line.outcome.phase === 'late') countRevised(tally, line)
  }
  return tally.counts()
}

function countClosed(tally: Tally, { outcome, prediction }: JoinedOutcome): void {
  const labels = versionLabels(prediction)
  const { state } = outcome
  const authority = state === 'settled' ? (outcome.authority ?? NONE) : NONE
  tally.add('groundtrace_outcomes_total', { ...labels, state, authority })
  const verdict = verdictLabel(outcome)
  if (state !== 'settled' || verdict === undefined) return
  tally.add('groundtrace_verdicts_total', { ...labels, verdict })
  const predicted = predictedLabel(prediction)
  const truth = truthLabel(prediction.task, outcome)
  const cell = { ...labels, predicted, truth, verdict }
  if (prediction.task.classes !== undefined) tally.add('groundtrace_confusion_total', cell)

  const { action, explored, propensity } = prediction.policy ?? {}
  if (explored !== true || propensity === undefined) return
  const tier = { action: wordLabel(action), propensity: propensityLabel(propensity) }
  tally.add('groundtrace_holdout_revealed_total', { ...labels, ...tier, truth, verdict })
  tally.add('groundtrace_holdout_weight_total', cell, 1 / propensity)
  tally.add('groundtrace_holdout_weight_squares_total', cell, 1 / propensity ** 2)
}

function countRevised(tally: Tally, { outcome, prediction }: JoinedOutcome): void {
  const before = heldLabel(prediction.task, outcome.replaces)
  const now = heldLabel(prediction.task, outcome)
  // Another authority that says the same changes no figure.
  if (before === now) return
  const labels = { ...versionLabels(prediction), predicted: predictedLabel(prediction), old: before, new: now }
  tally.add('groundtrace_revised_total', labels)
}

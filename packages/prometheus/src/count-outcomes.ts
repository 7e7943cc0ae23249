import { memberVerdict, type Count, type JoinedOutcome, type Prediction, type Verdict } from '@groundtrace/core'
import { NONE } from './labels.ts'
import {
  heldLabel,
  predictedLabel,
  predictionLabels,
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
 * The line of a whole also counts for its members, in metrics of their own: what a member was told itself is another fact.
 */
export function countOutcomes(lines: readonly JoinedOutcome[]): readonly Count[] {
  const tally = new Tally()
  for (const line of lines) {
    const { members = [], outcome } = line
    if (outcome.phase === 'horizon') {
      countClosed(tally, line)
      for (const member of members) countMember(tally, member, outcome)
    }
    if (outcome.phase === 'late') {
      countRevised(tally, line)
      for (const member of members) countMemberRevised(tally, member, line)
    }
  }
  return tally.counts()
}

function countClosed(tally: Tally, { outcome, prediction }: JoinedOutcome): void {
  const labels = predictionLabels(prediction)
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
  const labels = { ...predictionLabels(prediction), predicted: predictedLabel(prediction), old: before, new: now }
  tally.add('groundtrace_revised_total', labels)
}

/** The verdict on a whole, as it is one on a member. */
function onMember(member: Prediction, verdict: Verdict): Verdict {
  const { state, label, ruledOut } = verdict
  const correct = memberVerdict(member, verdict)
  return {
    state,
    ...(label === undefined ? {} : { label }),
    ...(ruledOut === undefined ? {} : { ruledOut }),
    ...(correct === undefined ? {} : { correct }),
  }
}

function countMember(tally: Tally, member: Prediction, outcome: Verdict): void {
  const verdict = verdictLabel(onMember(member, outcome))
  if (verdict === undefined) return
  const cell = { predicted: predictedLabel(member), truth: truthLabel(member.task, outcome), verdict }
  tally.add('groundtrace_member_verdicts_total', { ...versionLabels(member), ...cell })
}

function countMemberRevised(tally: Tally, member: Prediction, { outcome }: JoinedOutcome): void {
  const { replaces } = outcome
  const before = heldLabel(member.task, replaces === undefined ? undefined : onMember(member, replaces))
  const now = heldLabel(member.task, onMember(member, outcome))
  if (before === now) return
  const labels = { ...versionLabels(member), predicted: predictedLabel(member), old: before, new: now }
  tally.add('groundtrace_member_revised_total', labels)
}

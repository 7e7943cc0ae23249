import { chosen, overWindow, selector, shareOf, sumBy } from './promql.ts'

/** One query of a panel: an expression, and how its series are called. */
export interface Query {
  readonly expr: string
  readonly legend: string
  /** Only the latest value. Default: over time. */
  readonly instant?: true
}

const VERSION = ['model', 'version'] as const
const predicted = { predicted: '=~"$class"' }
const truth = { truth: '=~"$class"' }
const correct = { verdict: '="correct"' }

const predictions = chosen('groundtrace_predictions_total')
const verdicts = sumBy(VERSION, overWindow(chosen('groundtrace_verdicts_total')))
const rightVerdicts = sumBy(VERSION, overWindow(chosen('groundtrace_verdicts_total', correct)))
const outcomes = sumBy(['model'], overWindow(chosen('groundtrace_outcomes_total')))
const ANSWERED = { state: '=~"settled|contested|retracted"', authority: '!="silence"' }
const answered = sumBy(['model'], overWindow(chosen('groundtrace_outcomes_total', ANSWERED)))

/** Share of the right ones among those in the chosen classes, by counts or by weights. */
function rightShare(
  metric: 'groundtrace_confusion_total' | 'groundtrace_holdout_weight_total',
  labels: Parameters<typeof sumBy>[0],
  classes: typeof predicted | typeof truth,
): readonly [part: string, whole: string] {
  const part = sumBy(labels, overWindow(chosen(metric, { ...classes, ...correct })))
  return [part, sumBy(labels, overWindow(chosen(metric, classes)))]
}

function effectiveSampleSize(labels: Parameters<typeof sumBy>[0], classes: typeof predicted | typeof truth): string {
  const weights = sumBy(labels, overWindow(chosen('groundtrace_holdout_weight_total', classes)))
  const squares = sumBy(labels, overWindow(chosen('groundtrace_holdout_weight_squares_total', classes)))
  return `${weights} ^ 2 / ${squares}`
}

/** A weighted share has as much evidence behind it as its effective sample size says. */
function weightedShare(labels: Parameters<typeof sumBy>[0], classes: typeof predicted | typeof truth): string {
  const [part, whole] = rightShare('groundtrace_holdout_weight_total', labels, classes)
  return `${part} / ${whole} and (${effectiveSampleSize(labels, classes)} >= $evidence)`
}

const delays = chosen('groundtrace_feedback_delay_seconds', {}, '_bucket')
const delayCount = sumBy([], overWindow(chosen('groundtrace_feedback_delay_seconds', {}, '_count')))
const delayQuantile = (quantile: number): string =>
  `histogram_quantile(${quantile}, ${sumBy(['le'], overWindow(delays))}) and on () (${delayCount} >= $evidence)`

const TIER = ['model', 'action', 'propensity'] as const
const deployments = chosen('groundtrace_deployments_total')
const seen = chosen('groundtrace_versions_seen_total')
const predicting = `${sumBy(VERSION, `rate(${chosen('groundtrace_predictions_total', { part: '=~"whole|member"' })}[$__rate_interval])`)} > 0`
const memberVerdicts = sumBy(VERSION, overWindow(chosen('groundtrace_member_verdicts_total')))
const rightMembers = sumBy(VERSION, overWindow(chosen('groundtrace_member_verdicts_total', correct)))
const dataSetExamples = `max by (data_set) (${selector('groundtrace_data_set_examples')})`
const examplesOf = (role: string): string =>
  `max by (model, version, data_set) (${chosen('groundtrace_version_info', { role: `="${role}"` })}) * on (data_set) group_left () ${dataSetExamples}`

/**
 * What is lost since the beginning: a series that begins with its first loss has no increase that Prometheus can see.
 * Without a series it is 0, but only while the register answers.
 */
const lost = sumBy([], selector('groundtrace_lines_lost_total'))
const registerUp = `min(${selector('groundtrace_register_up')})`

/** Every query of the dashboard, by name. */
export const QUERIES = {
  registerUp: { expr: registerUp, legend: 'register' },
  linesLost: { expr: `${lost} or (${registerUp} == 1) * 0`, legend: 'lost' },
  predictionsOpen: { expr: sumBy([], selector('groundtrace_predictions_open')), legend: 'open' },
  orphans: { expr: sumBy([], selector('groundtrace_feedback_orphans')), legend: 'orphans' },
  liveVersions: {
    expr: `${sumBy(VERSION, deployments)} - ${sumBy(VERSION, chosen('groundtrace_retirements_total'))} > 0 or (${sumBy(VERSION, seen)} unless ${sumBy(VERSION, deployments)}) and ${predicting}`,
    legend: '{{model}} {{version}}',
  },

  predictionsPerSecond: {
    expr: sumBy(VERSION, `rate(${predictions}[$__rate_interval])`),
    legend: '{{model}} {{version}}',
  },
  predictedShare: {
    expr: `${sumBy(['model', 'predicted'], `rate(${predictions}[$__rate_interval])`)} / on (model) group_left () ${sumBy(['model'], `rate(${predictions}[$__rate_interval])`)}`,
    legend: '{{model}} {{predicted}}',
  },
  driftIndex: {
    expr: `max by (model, version) (${chosen('groundtrace_score_drift_psi')})`,
    legend: 'index {{model}} {{version}}',
  },
  driftThreshold: {
    expr: `max by (model, version) (${chosen('groundtrace_score_drift_threshold')})`,
    legend: 'chance {{model}} {{version}}',
  },
  driftUnits: {
    expr: `min by (model, version) (${chosen('groundtrace_score_drift_units')})`,
    legend: 'units {{model}} {{version}}',
  },
  driftBlind: {
    expr: `max by (model, version) (${chosen('groundtrace_score_drift_blind')}) == 1`,
    legend: 'blind {{model}} {{version}}',
  },

  accuracy: { expr: shareOf(rightVerdicts, verdicts), legend: '{{model}} {{version}}' },
  precision: {
    expr: shareOf(...rightShare('groundtrace_confusion_total', [...VERSION, 'predicted'], predicted)),
    legend: '{{model}} {{version}} {{predicted}}',
  },
  recall: {
    expr: shareOf(...rightShare('groundtrace_confusion_total', [...VERSION, 'truth'], truth)),
    legend: '{{model}} {{version}} {{truth}}',
  },
  memberAccuracy: { expr: shareOf(rightMembers, memberVerdicts), legend: '{{model}} {{version}}' },

  naivePrecision: {
    expr: shareOf(...rightShare('groundtrace_confusion_total', ['model', 'predicted'], predicted)),
    legend: 'naive {{model}} {{predicted}}',
  },
  weightedPrecision: {
    expr: weightedShare(['model', 'predicted'], predicted),
    legend: 'weighted {{model}} {{predicted}}',
  },
  naiveRecall: {
    expr: shareOf(...rightShare('groundtrace_confusion_total', ['model', 'truth'], truth)),
    legend: 'naive {{model}} {{truth}}',
  },
  weightedRecall: { expr: weightedShare(['model', 'truth'], truth), legend: 'weighted {{model}} {{truth}}' },
  precisionSampleSize: {
    expr: effectiveSampleSize(['model', 'predicted'], predicted),
    legend: 'precision {{model}} {{predicted}}',
  },
  recallSampleSize: { expr: effectiveSampleSize(['model', 'truth'], truth), legend: 'recall {{model}} {{truth}}' },

  coverage: { expr: shareOf(answered, outcomes), legend: '{{model}}' },
  answersToCome: { expr: chosen('groundtrace_answers_to_come_ratio'), legend: 'still to come' },
  delayMedian: { expr: delayQuantile(0.5), legend: 'half within' },
  delayNinety: { expr: delayQuantile(0.9), legend: '90 % within' },
  delayNinetyNine: { expr: delayQuantile(0.99), legend: '99 % within' },
  outcomeStates: {
    expr: sumBy(['state'], overWindow(chosen('groundtrace_outcomes_total'))),
    legend: '{{state}}',
  },
  feedbackPerSecond: {
    expr: sumBy(['kind', 'source', 'status'], `rate(${chosen('groundtrace_feedback_total')}[$__rate_interval])`),
    legend: '{{kind}} of {{source}}, {{status}}',
  },
  feedbackRefused: {
    expr: sumBy(['status'], overWindow(selector('groundtrace_feedback_refused_total'))),
    legend: '{{status}}',
  },
  revisions: {
    expr: sumBy(['predicted', 'old', 'new'], chosen('groundtrace_revised_total')),
    legend: 'predicted {{predicted}}: {{old}} → {{new}}',
  },

  annotationUnits: {
    expr: sumBy(['project', 'standing'], selector('groundtrace_annotation_units')),
    legend: '{{project}}: {{standing}}',
  },
  annotationPicks: { expr: sumBy(['pick'], selector('groundtrace_annotation_units')), legend: '{{pick}}' },
  annotationAnswers: { expr: sumBy(['answer'], selector('groundtrace_annotation_answers')), legend: '{{answer}}' },
  annotationTruths: {
    expr: sumBy(['project', 'held'], selector('groundtrace_annotation_truths')),
    legend: '{{project}}: {{held}}',
  },
  annotationTruthLines: {
    expr: sumBy(['word'], overWindow(selector('groundtrace_annotation_truth_lines_total'))),
    legend: '{{word}}',
  },
  annotationFeedback: {
    expr: sumBy(['delivery'], selector('groundtrace_annotation_feedback')),
    legend: '{{delivery}}',
  },

  holdoutEligible: {
    expr: sumBy(TIER, overWindow(chosen('groundtrace_holdout_eligible_total'))),
    legend: 'eligible',
    instant: true,
  },
  holdoutExplored: {
    expr: sumBy(TIER, overWindow(chosen('groundtrace_holdout_explored_total'))),
    legend: 'explored',
    instant: true,
  },
  holdoutRevealed: {
    expr: sumBy(TIER, chosen('groundtrace_holdout_revealed_total')),
    legend: 'revealed since the beginning',
    instant: true,
  },

  trainingExamples: { expr: examplesOf('training'), legend: 'training {{model}} {{version}}' },
  validationExamples: { expr: examplesOf('validation'), legend: 'validation {{model}} {{version}}' },
  retrainings: {
    expr: sumBy(['model', 'trigger'], chosen('groundtrace_retrainings_asked_total')),
    legend: '{{model}} by {{trigger}}',
  },
  gateDecisions: {
    expr: sumBy(['model', 'decision'], chosen('groundtrace_gate_decisions_total')),
    legend: '{{model}} {{decision}}',
  },
  linesLostByReason: { expr: sumBy(['reason'], selector('groundtrace_lines_lost_total')), legend: '{{reason}}' },
} as const satisfies Readonly<Record<string, Query>>

/** The moment that a count rose: it is more than an interval ago, where it was last seen within a day. */
const rose = (counter: string): string =>
  `${counter} > (last_over_time(${counter}[1d] offset $__interval) or ${counter} * 0)`

/** The moment that a version went live: it was declared deployed, or seen to predict without that. */
export const DEPLOYMENT_EVENTS = `${rose(deployments)} or ${rose(seen)}`

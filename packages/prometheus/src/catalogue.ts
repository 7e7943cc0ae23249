import type { LabelName } from './labels.ts'

/** One metric, as data: the exporter, `docs/metrics.md`, the rules and the dashboards' queries are made from it. */
export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** One sentence. */
  readonly help: string
  readonly labels: readonly LabelName[]
  /** Upper bounds of a histogram's buckets, ascending, without the last, infinite one. */
  readonly buckets?: readonly number[]
  /**
   * `counts`: additive counts in the register's store, moved with a cursor; they survive restarts.
   * `totals`: what the register says of itself.
   * `process`: figures of this process, gone when it ends.
   */
  readonly source: 'counts' | 'totals' | 'process'
  /** Heading that the metric stands under in the documentation. */
  readonly topic:
    | 'Traffic'
    | 'Drift'
    | 'Quality'
    | 'Feedback'
    | 'Holdout'
    | 'Loss'
    | 'Generations'
    | 'Exporter'
    | 'Receiver'
}

const VERSION = ['task', 'model', 'version'] as const
/** Of a prediction: a version may answer by itself and as a member of another. */
const PREDICTION = [...VERSION, 'part'] as const
const HOUR = 3600
const DAY = 24 * HOUR

/** Upper edges of the bins that scores are counted in. */
export const SCORE_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const

/** Upper bounds of the delays of feedback in seconds, from a second to a quarter of a year. */
export const DELAY_BUCKETS = [
  1,
  10,
  60,
  600,
  HOUR,
  6 * HOUR,
  DAY,
  3 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
] as const

/** Every metric that Groundtrace exports, by name. */
export const CATALOGUE = {
  groundtrace_predictions_total: {
    topic: 'Traffic',
    type: 'counter',
    source: 'counts',
    help: 'Predictions by what was predicted and what the service did with them.',
    labels: [...PREDICTION, 'predicted', 'action'],
  },
  groundtrace_prediction_score: {
    topic: 'Traffic',
    type: 'histogram',
    source: 'counts',
    help: 'Scores: of the positive class for a binary task with declared classes, else of the predicted class.',
    labels: PREDICTION,
    buckets: SCORE_BUCKETS,
  },
  groundtrace_predictions_open: {
    topic: 'Traffic',
    type: 'gauge',
    source: 'totals',
    help: 'Predictions without any outcome yet, members aside.',
    labels: [],
  },
  groundtrace_score_drift_psi: {
    topic: 'Drift',
    type: 'gauge',
    source: 'process',
    help: 'Population stability index of the latest scores against the reference; absent while blind.',
    labels: VERSION,
  },
  groundtrace_score_drift_threshold: {
    topic: 'Drift',
    type: 'gauge',
    source: 'process',
    help: 'Index that chance alone passes with the stated probability at this number of units; absent while blind.',
    labels: VERSION,
  },
  groundtrace_score_drift_units: {
    topic: 'Drift',
    type: 'gauge',
    source: 'process',
    help: 'Predictions behind the drift figures.',
    labels: VERSION,
  },
  groundtrace_score_drift_blind: {
    topic: 'Drift',
    type: 'gauge',
    source: 'process',
    help: '1 when there are too few units to tell drift from chance, else 0.',
    labels: VERSION,
  },
  groundtrace_verdicts_total: {
    topic: 'Quality',
    type: 'counter',
    source: 'counts',
    help: 'Predictions known at their horizon to be right or wrong, each counted once.',
    labels: [...PREDICTION, 'verdict'],
  },
  groundtrace_confusion_total: {
    topic: 'Quality',
    type: 'counter',
    source: 'counts',
    help: 'The same for tasks with declared classes, by predicted and true class.',
    labels: [...PREDICTION, 'predicted', 'truth', 'verdict'],
  },
  groundtrace_outcomes_total: {
    topic: 'Quality',
    type: 'counter',
    source: 'counts',
    help: 'Predictions that reached their horizon, by the state they closed in.',
    labels: [...PREDICTION, 'state', 'authority'],
  },
  groundtrace_next_horizon_timestamp_seconds: {
    topic: 'Quality',
    type: 'gauge',
    source: 'totals',
    help: 'Unix time at which the next prediction is due to close; absent when all are closed. Long past: nobody calls closeHorizons.',
    labels: [],
  },
  groundtrace_revised_total: {
    topic: 'Quality',
    type: 'counter',
    source: 'counts',
    help: 'Changes of what is held to be true after the horizon, from old to new.',
    labels: [...PREDICTION, 'predicted', 'old', 'new'],
  },
  groundtrace_member_verdicts_total: {
    topic: 'Quality',
    type: 'counter',
    source: 'counts',
    help: 'Members by the truth of their whole, where both are about one case, each counted once when the whole closes.',
    labels: [...VERSION, 'predicted', 'truth', 'verdict'],
  },
  groundtrace_member_revised_total: {
    topic: 'Quality',
    type: 'counter',
    source: 'counts',
    help: 'Changes of that truth after the horizon, from old to new.',
    labels: [...VERSION, 'predicted', 'old', 'new'],
  },
  groundtrace_feedback_total: {
    topic: 'Feedback',
    type: 'counter',
    source: 'counts',
    help: 'Feedback that joined its prediction.',
    labels: [...PREDICTION, 'kind', 'source', 'status'],
  },
  groundtrace_feedback_delay_seconds: {
    topic: 'Feedback',
    type: 'histogram',
    source: 'counts',
    help: 'Time from a prediction to a feedback on it, retractions aside.',
    labels: ['task', 'model', 'source'],
    buckets: DELAY_BUCKETS,
  },
  groundtrace_answers_to_come_ratio: {
    topic: 'Feedback',
    type: 'gauge',
    source: 'counts',
    help: 'Share of the answers to the predictions of the last horizon that is still to come; absent while unknown.',
    labels: ['task'],
  },
  groundtrace_feedback_refused_total: {
    topic: 'Feedback',
    type: 'counter',
    source: 'totals',
    help: 'Feedback that changed nothing: sent before, in conflict with what was sent before, or of no use.',
    labels: ['status'],
  },
  groundtrace_feedback_orphans: {
    topic: 'Feedback',
    type: 'gauge',
    source: 'totals',
    help: 'Feedback that waits for its prediction.',
    labels: [],
  },
  groundtrace_holdout_eligible_total: {
    topic: 'Holdout',
    type: 'counter',
    source: 'counts',
    help: 'Predictions that could have been explored.',
    labels: [...PREDICTION, 'action', 'propensity'],
  },
  groundtrace_holdout_explored_total: {
    topic: 'Holdout',
    type: 'counter',
    source: 'counts',
    help: 'Predictions that were explored: released although the action says otherwise, or audited.',
    labels: [...PREDICTION, 'action', 'propensity'],
  },
  groundtrace_holdout_revealed_total: {
    topic: 'Holdout',
    type: 'counter',
    source: 'counts',
    help: 'Explored predictions known at their horizon to be right or wrong.',
    labels: [...PREDICTION, 'action', 'propensity', 'truth', 'verdict'],
  },
  groundtrace_holdout_weight_total: {
    topic: 'Holdout',
    type: 'counter',
    source: 'counts',
    help: 'Sum over the revealed predictions of 1 / propensity: how many predictions they stand for.',
    labels: [...PREDICTION, 'predicted', 'truth', 'verdict'],
  },
  groundtrace_holdout_weight_squares_total: {
    topic: 'Holdout',
    type: 'counter',
    source: 'counts',
    help: 'Sum of the squares of those weights: weights squared over squares is the effective sample size.',
    labels: [...PREDICTION, 'predicted', 'truth', 'verdict'],
  },
  groundtrace_lines_lost_total: {
    topic: 'Loss',
    type: 'counter',
    source: 'totals',
    help: 'Predictions and feedback that never reached the register.',
    labels: ['reason'],
  },
  groundtrace_version_info: {
    topic: 'Generations',
    type: 'gauge',
    source: 'counts',
    help: 'Always 1: the data sets that a version was trained on and validated with.',
    labels: ['model', 'version', 'role', 'data_set'],
  },
  groundtrace_data_set_examples: {
    topic: 'Generations',
    type: 'gauge',
    source: 'counts',
    help: 'Examples in a data set.',
    labels: ['task', 'role', 'data_set'],
  },
  groundtrace_deployments_total: {
    topic: 'Generations',
    type: 'counter',
    source: 'counts',
    help: 'Times that a version went live.',
    labels: ['model', 'version'],
  },
  groundtrace_versions_seen_total: {
    topic: 'Generations',
    type: 'counter',
    source: 'counts',
    help: 'Versions that were seen to predict before anybody declared them deployed: 1 each.',
    labels: ['model', 'version'],
  },
  groundtrace_retirements_total: {
    topic: 'Generations',
    type: 'counter',
    source: 'counts',
    help: 'Times that a version was taken out of service.',
    labels: ['model', 'version'],
  },
  groundtrace_retrainings_asked_total: {
    topic: 'Generations',
    type: 'counter',
    source: 'counts',
    help: 'Retrainings asked for.',
    labels: ['model', 'trigger'],
  },
  groundtrace_gate_decisions_total: {
    topic: 'Generations',
    type: 'counter',
    source: 'counts',
    help: 'Decisions of the promotion gate.',
    labels: ['model', 'decision'],
  },
  groundtrace_register_up: {
    topic: 'Exporter',
    type: 'gauge',
    source: 'process',
    help: '1 when the register answered this scrape, else 0; then every figure of the register is absent.',
    labels: [],
  },
  groundtrace_scrape_errors_total: {
    topic: 'Exporter',
    type: 'counter',
    source: 'process',
    help: 'Scrapes that the register failed to answer.',
    labels: [],
  },
  groundtrace_receiver_requests_total: {
    topic: 'Receiver',
    type: 'counter',
    source: 'process',
    help: 'Requests to write that were answered, by HTTP status.',
    labels: ['code'],
  },
  groundtrace_receiver_lines_total: {
    topic: 'Receiver',
    type: 'counter',
    source: 'process',
    help: 'Lines that came over HTTP, by what became of them; lines that were sent again included.',
    labels: ['receipt'],
  },
  groundtrace_receiver_in_flight_bytes: {
    topic: 'Receiver',
    type: 'gauge',
    source: 'process',
    help: 'Bodies that are being read or stored.',
    labels: [],
  },
} as const satisfies Readonly<Record<`groundtrace_${string}`, MetricDefinition>>

export type MetricName = keyof typeof CATALOGUE
/** The labels of one metric. */
export type LabelsOf<M extends MetricName> = Readonly<Record<(typeof CATALOGUE)[M]['labels'][number], string>>

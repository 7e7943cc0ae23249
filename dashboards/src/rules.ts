import { selector, sumBy } from './promql.ts'

/** One alert, in Prometheus' words. */
export interface AlertRule {
  readonly alert: string
  readonly expr: string
  /** How long it must hold. */
  readonly for: string
  readonly severity: 'page' | 'ticket'
  readonly summary: string
  /** What it means and what to look at first. */
  readonly description: string
}

const MODEL = ['task', 'model'] as const
/** Nobody answers members, so nobody is woken for want of answers to them. */
const WHOLE = { part: '="whole"' }
/** With fewer predictions behind a share nobody is woken. */
const LEAST = 100

const verdicts = (window: string): string =>
  sumBy(MODEL, `increase(${selector('groundtrace_verdicts_total', WHOLE)}[${window}])`)
const accuracy = (window: string): string => {
  const right = sumBy(
    MODEL,
    `increase(${selector('groundtrace_verdicts_total', { ...WHOLE, verdict: '="correct"' })}[${window}])`,
  )
  return `(${right} / (${verdicts(window)} >= ${LEAST}))`
}
const closed = sumBy(MODEL, `increase(${selector('groundtrace_outcomes_total', WHOLE)}[7d])`)
const answered = sumBy(
  MODEL,
  `increase(${selector('groundtrace_outcomes_total', { ...WHOLE, state: '=~"settled|contested|retracted"', authority: '!="silence"' })}[7d])`,
)
const lost = `sum(${selector('groundtrace_lines_lost_total')})`
const lostBefore = `sum(${selector('groundtrace_lines_lost_total')} offset 1h)`

/** The first alerts: few, gated by volume, and blindness is an alert of its own. */
export const ALERTS: readonly AlertRule[] = [
  {
    alert: 'GroundtraceScoreDrift',
    expr: `${selector('groundtrace_score_drift_psi')} > ${selector('groundtrace_score_drift_threshold')}`,
    for: '15m',
    severity: 'ticket',
    summary: 'Scores of {{ $labels.model }} {{ $labels.version }} have drifted',
    description:
      'The latest scores differ from the reference by more than chance would make them. Look at the predicted share by class, then at what changed upstream.',
  },
  {
    alert: 'GroundtraceQualityFell',
    expr: `${accuracy('1d')} < ${accuracy('7d')} - 0.05`,
    for: '1h',
    severity: 'page',
    summary: 'Accuracy of {{ $labels.model }} fell by more than 5 points',
    description:
      'Among the predictions that closed within a day fewer were right than within the week. Look at precision and recall by version, then at the latest deployment.',
  },
  {
    alert: 'GroundtraceQualityBlind',
    expr: `(${closed} >= ${LEAST}) and (${verdicts('7d')} < 30)`,
    for: '1h',
    severity: 'ticket',
    summary: 'Quality of {{ $labels.model }} is not known',
    description:
      'Predictions close without a known truth. No news is not good news: raise the holdout, the audited share or the number of prompts.',
  },
  {
    alert: 'GroundtraceHorizonsOverdue',
    expr: `time() - min(${selector('groundtrace_next_horizon_timestamp_seconds')}) > 3600`,
    for: '15m',
    severity: 'ticket',
    summary: 'Predictions are past their horizon and nobody closes them',
    description:
      'Quality counts when a prediction is closed, so every figure of quality stands still. Let one process call closeHorizons of the register every minute; if one does, look at what it throws.',
  },
  {
    alert: 'GroundtraceCoverageLow',
    expr: `${answered} / (${closed} >= ${LEAST}) < 0.01`,
    for: '1h',
    severity: 'ticket',
    summary: 'Almost nobody answers the predictions of {{ $labels.model }}',
    description:
      'Less than 1 % of the predictions that closed within a week got an answer. Look at orphaned and refused feedback: its IDs may be wrong.',
  },
  {
    alert: 'GroundtraceLinesLost',
    // Not an increase: a series that begins with its first loss has none that Prometheus can see.
    expr: `${lost} > (${lostBefore} or vector(0))`,
    for: '0m',
    severity: 'ticket',
    summary: 'Predictions or feedback were lost',
    description: 'Lines did not reach the register within the last hour. The loss panel says for what reason.',
  },
  {
    alert: 'GroundtraceAnnotationGap',
    expr: `sum(${selector('groundtrace_annotation_gaps_total')}) > (sum(${selector('groundtrace_annotation_gaps_total')} offset 1h) or vector(0))`,
    for: '0m',
    severity: 'ticket',
    summary: 'What the bridge knows and what Label Studio holds do not add up',
    description:
      'Tasks were deleted or doubled, a project was replaced, or the server was restored from an older backup. Nothing that was read is lost; the status of the bridge says what happened.',
  },
  {
    alert: 'GroundtraceAnnotationUnread',
    expr: `time() - max by (project) (${selector('groundtrace_annotation_read_timestamp_seconds')}) > 2 * 86400`,
    for: '15m',
    severity: 'ticket',
    summary: 'Answers in {{ $labels.project }} have not been read back for two days',
    description:
      'The bridge does not run, or Label Studio does not answer it. Run label-studio sync and read what it says.',
  },
  {
    alert: 'GroundtraceRegisterDown',
    expr: `${selector('groundtrace_register_up')} == 0`,
    for: '5m',
    severity: 'page',
    summary: 'The register does not answer',
    description:
      'Figures of the loop are blank, and predictions may be lost when queues fill up. Look at the store: disk, locks, connections.',
  },
]

/** A text as YAML: every JSON text is one. */
const text = (value: string): string => JSON.stringify(value)

/** The rules file that Prometheus loads. */
export function rulesYaml(alerts: readonly AlertRule[] = ALERTS): string {
  const rules = alerts.map(
    (rule) => `      - alert: ${rule.alert}
        expr: ${text(rule.expr)}
        for: ${rule.for}
        labels:
          severity: ${rule.severity}
        annotations:
          summary: ${text(rule.summary)}
          description: ${text(rule.description)}
`,
  )
  return `# Generated from the metric catalogue; see dashboards/README.md.
groups:
  - name: groundtrace
    rules:
${rules.join('')}`
}

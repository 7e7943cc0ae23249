import type { MetricName } from './catalogue.ts'
import type { Sample } from './host-registry.ts'
import type { DriftVerdict, ScoreDrift } from './score-drift.ts'

const READ: Partial<Record<MetricName, (verdict: DriftVerdict) => number | undefined>> = {
  groundtrace_score_drift_psi: ({ psi }) => psi,
  groundtrace_score_drift_threshold: ({ threshold }) => threshold,
  groundtrace_score_drift_units: ({ units }) => units,
  groundtrace_score_drift_blind: ({ state }) => (state === 'blind' ? 1 : 0),
}

/** The series of one drift metric; none for what a blind monitor does not know. */
export function driftSamples(name: MetricName, drifts: readonly ScoreDrift[]): Sample[] {
  return drifts.flatMap((drift) => {
    const value = READ[name]?.(drift.evaluate())
    return value === undefined ? [] : [{ labels: { ...drift.labels }, value }]
  })
}

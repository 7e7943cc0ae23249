export {
  CATALOGUE,
  DELAY_BUCKETS,
  SCORE_BUCKETS,
  type LabelsOf,
  type MetricDefinition,
  type MetricName,
} from './catalogue.ts'
export { FAILED, LABELS, NONE, OTHER, UNKNOWN, type Bound, type LabelDefinition, type LabelName } from './labels.ts'
export { countFeedback } from './count-feedback.ts'
export { countLineage } from './count-lineage.ts'
export { countLedgers } from './count-ledgers.ts'
export { feedbackMaturity, type Maturity, type MaturityOptions, type MaturityPoint } from './maturity/maturity.ts'
export { countOutcomes } from './count-outcomes.ts'
export { countPredictions } from './count-predictions.ts'
export { loopMetrics, type LoopMetrics, type LoopMetricsOptions } from './loop-metrics.ts'
export { metricsCursor, type MetricsRegister } from './tail-ledgers.ts'
export type { HostRegistry, RegistrableMetric } from './host-registry.ts'
export type { ReceiverFigures } from './receiver-samples.ts'
export { countScores, SCORE_EDGES } from './score-bins.ts'
export { scoreDrift, type DriftVerdict, type ScoreDrift, type ScoreDriftOptions } from './score-drift.ts'
export { scoreOf } from './score-of.ts'

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
    | 'Annotation'
}

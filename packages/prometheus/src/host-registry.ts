/** The part of prom-client's `Registry` (15 and later) and of `@prometheus-io/client`'s that the exporter uses. */
export interface HostRegistry {
  registerMetric(metric: RegistrableMetric): void
  removeSingleMetric(name: string): void
  getSingleMetric(name: string): unknown
}

/** What both clients ask of a metric, as far as their types say. */
export interface RegistrableMetric {
  get(): Promise<unknown>
  reset(): void
}

/** One series of a metric, as both clients print it. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** Name of the series where it differs from the metric's: `…_bucket`, `…_sum`, `…_count`. */
  readonly metricName?: string
}

/** A metric as both clients read it at scrape. */
export interface HostMetric extends RegistrableMetric {
  /** The clients cut `_total` off it when they print OpenMetrics, and add it again. */
  name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** How the figures of several workers of a cluster become one. */
  readonly aggregator: 'sum' | 'max' | 'min'
  get(): Promise<HostFigures>
}

/** What a metric answers at scrape. */
export interface HostFigures extends Pick<HostMetric, 'name' | 'help' | 'type' | 'aggregator'> {
  readonly values: Sample[]
}

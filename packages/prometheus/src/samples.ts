import type { Count, Totals } from '@groundtrace/core'
import { CATALOGUE, type MetricName } from './catalogue.ts'
import type { MetricDefinition } from './metric-definition.ts'
import type { Sample } from './host-registry.ts'
import { BUCKET_LABEL } from './tally.ts'

/** Figures of the register, by the name under which they were counted. */
export type Figures = ReadonlyMap<string, readonly Count[]>

/** Groups counts by name. */
export function figuresOf(counts: readonly Count[]): Figures {
  return Map.groupBy(counts, ({ name }) => name)
}

/** What the register says of itself, as counts. */
export function totalsAsCounts({ feedback, open, loss, removed, nextHorizon }: Totals): readonly Count[] {
  const refused = (['duplicate', 'conflict', 'rejected'] as const).map((status): Count => {
    return { name: 'groundtrace_feedback_refused_total', labels: { status }, value: feedback[status] }
  })
  const lost = Object.entries(loss).map(([reason, value]): Count => {
    return { name: 'groundtrace_lines_lost_total', labels: { reason }, value }
  })
  const taken = Object.entries(removed).map(([removal, value]): Count => {
    return { name: 'groundtrace_removed_total', labels: { removal }, value }
  })
  return [
    ...refused,
    ...lost,
    ...taken,
    { name: 'groundtrace_feedback_orphans', labels: {}, value: feedback.orphaned },
    { name: 'groundtrace_predictions_open', labels: {}, value: open },
    ...(nextHorizon === undefined
      ? []
      : [{ name: 'groundtrace_next_horizon_timestamp_seconds', labels: {}, value: nextHorizon / 1000 }]),
  ]
}

/** The series of one metric. New objects at each call: the clients write into them. */
export function samplesOf(name: MetricName, figures: Figures): Sample[] {
  const { buckets, labels: order }: MetricDefinition = CATALOGUE[name]
  const counts = figures.get(name) ?? []
  if (buckets === undefined) return counts.map(({ labels, value }) => ({ labels: { ...labels }, value }))

  const keyOf = ({ labels }: Count): string => JSON.stringify(order.map((label) => labels[label]))
  const bySeries = Map.groupBy(counts, keyOf)
  return (figures.get(`${name}_sum`) ?? []).flatMap((sum) =>
    histogramSamples(name, buckets, bySeries.get(keyOf(sum)) ?? [], sum),
  )
}

/** Counts in single buckets become cumulative ones, the way Prometheus wants them, all buckets of a series present. */
function histogramSamples(
  name: string,
  buckets: readonly number[],
  counts: readonly Count[],
  { labels, value }: Count,
): readonly Sample[] {
  const single = new Map(counts.map((count) => [count.labels[BUCKET_LABEL], count.value]))
  let running = 0
  const cumulative = [...buckets.map(String), '+Inf'].map((bound): Sample => {
    running += single.get(bound) ?? 0
    return { metricName: `${name}_bucket`, labels: { [BUCKET_LABEL]: bound, ...labels }, value: running }
  })
  return [
    ...cumulative,
    { metricName: `${name}_sum`, labels: { ...labels }, value },
    { metricName: `${name}_count`, labels: { ...labels }, value: running },
  ]
}

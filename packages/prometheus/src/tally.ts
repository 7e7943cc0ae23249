import type { Count } from '@groundtrace/core'
import { CATALOGUE, type LabelsOf, type MetricName } from './catalogue.ts'
import type { MetricDefinition } from './metric-definition.ts'

type HistogramName = { [M in MetricName]: (typeof CATALOGUE)[M]['type'] extends 'histogram' ? M : never }[MetricName]
export type SimpleName = Exclude<MetricName, HistogramName>

/** The most that one line adds to a count: a sum that has become infinite says nothing any more. */
const MOST_ADDED = 1e15

/** The label that says which bucket a count of a histogram belongs to; its value is the bucket's upper bound. */
export const BUCKET_LABEL = 'le'

/** The upper bound of the bucket that a value falls into. */
export function bucketOf(buckets: readonly number[], value: number): string {
  const bound = buckets.find((upper) => value <= upper)
  return bound === undefined ? '+Inf' : String(bound)
}

/** Adds up counts of catalogued metrics; those with the same labels are one. */
export class Tally {
  readonly #counts = new Map<string, Count>()

  /** Adds to a counter or gauge. Adding 0 makes the series begin at 0, so that its first increase is seen. */
  add<M extends SimpleName>(name: M, labels: LabelsOf<M>, value = 1): void {
    this.#put(name, CATALOGUE[name].labels, labels, value)
  }

  /** Counts a value into its bucket, and adds it to the sum as at least 0: a sum that falls is no counter. */
  observe<M extends HistogramName>(name: M, labels: LabelsOf<M>, value: number): void {
    const { buckets, labels: order }: MetricDefinition & { readonly buckets: readonly number[] } = CATALOGUE[name]
    const bucket = { ...labels, [BUCKET_LABEL]: bucketOf(buckets, value) }
    this.#put(name, [...order, BUCKET_LABEL], bucket, 1)
    this.#put(`${name}_sum`, order, labels, Math.max(0, value))
  }

  /** The counts, in order of first mention. */
  counts(): readonly Count[] {
    return [...this.#counts.values()]
  }

  #put(name: string, order: readonly string[], labels: Readonly<Record<string, string>>, value: number): void {
    const values = order.map((label) => labels[label] ?? '')
    const key = JSON.stringify([name, ...values])
    const before = this.#counts.get(key)
    const named = before?.labels ?? Object.fromEntries(order.map((label, index) => [label, values[index] ?? '']))
    this.#counts.set(key, { name, labels: named, value: (before?.value ?? 0) + Math.min(value, MOST_ADDED) })
  }
}

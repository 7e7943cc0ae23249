import { describe, expect, test } from 'vitest'
import { CATALOGUE, LABELS, type MetricDefinition } from '@groundtrace/prometheus'

const metrics = Object.entries(CATALOGUE) as readonly [string, MetricDefinition][]

describe.each(metrics)('%s', (name, metric) => {
  test('is named as the contract and Prometheus ask: our prefix, base units, counters in _total', () => {
    expect(name).toMatch(/^groundtrace_[a-z_]+$/)
    expect(name.endsWith('_total')).toBe(metric.type === 'counter')
    expect(name).not.toMatch(/_(milliseconds|ms|minutes|hours|days|percent)(_|$)/)
  })

  test('has no suffix that a histogram would add', () => {
    expect(name).not.toMatch(/_(bucket|sum|count|info_total)$/)
  })

  test('has buckets in ascending order if and only if it is a histogram', () => {
    expect(metric.buckets !== undefined).toBe(metric.type === 'histogram')
    const buckets = metric.buckets ?? []
    expect(buckets).toEqual([...buckets].sort((a, b) => a - b))
    expect(new Set(buckets).size).toBe(buckets.length)
  })

  test('has only labels with a bound, none twice', () => {
    expect(metric.labels.filter((label) => !(label in LABELS))).toEqual([])
    expect(new Set(metric.labels).size).toBe(metric.labels.length)
  })

  test('is explained in one sentence', () => {
    expect(metric.help).toMatch(/^[A-Z0-9].*\.$/)
  })
})

test('no label names a person, a prediction, a business key or an annotator', () => {
  expect(Object.keys(LABELS).filter((label) => /user|id$|entity|trace|span|annotator|rater|email/.test(label))).toEqual(
    [],
  )
})

test('every label is used by a metric', () => {
  const used = new Set(metrics.flatMap(([, { labels }]) => labels))
  expect(Object.keys(LABELS).filter((label) => !(used as Set<string>).has(label))).toEqual([])
})

test('delays are counted from seconds to weeks', () => {
  const { buckets } = CATALOGUE.groundtrace_feedback_delay_seconds
  expect(buckets[0]).toBe(1)
  expect(buckets.at(-1)).toBeGreaterThanOrEqual(4 * 7 * 24 * 3600)
})

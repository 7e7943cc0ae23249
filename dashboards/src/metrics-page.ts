import {
  CATALOGUE,
  LABELS,
  type Bound,
  type LabelDefinition,
  type LabelName,
  type MetricDefinition,
} from '@groundtrace/prometheus'

const SOURCES: Readonly<Record<MetricDefinition['source'], string>> = {
  counts: 'counts in the store',
  totals: 'the register',
  process: 'this process',
}

const code = (text: string): string => `\`${text}\``

type Row = readonly string[]

function metricRow(name: string, { type, labels, help, source }: MetricDefinition): Row {
  return [code(name), type, labels.map(code).join(', ') || '–', help, SOURCES[source]]
}

/** What a bound means, one function a kind. */
const BOUND_TEXTS: { readonly [K in Bound['kind']]: (bound: Bound & { kind: K }) => string } = {
  'one of': ({ values }) => `one of ${values.map(code).join(', ')}`,
  words: ({ most }) => `at most ${most} different bounded words, then ${code('other')}`,
  classes: ({ most, beside }) =>
    `the first ${most} classes that the task declares, else ${code('other')}; beside them ${beside.map(code).join(', ')}`,
}

function boundText<K extends Bound['kind']>(bound: Bound & { kind: K }): string {
  const text: (bound: Bound & { kind: K }) => string = BOUND_TEXTS[bound.kind]
  return text(bound)
}

/** A table whose columns are as wide as their widest cell, the way the formatter wants it. */
function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: Row): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** `docs/metrics.md`, made from the catalogue. */
export function metricsPage(): string {
  const metrics = Object.entries<MetricDefinition>(CATALOGUE)
  const topics = [...new Set(metrics.map(([, { topic }]) => topic))].map((topic) => {
    const rows = metrics.filter(([, metric]) => metric.topic === topic).map(([name, metric]) => metricRow(name, metric))
    return `## ${topic}\n\n${table(['metric', 'type', 'labels', 'what it says', 'kept in'], rows)}\n`
  })
  const histograms = metrics.flatMap(([name, { buckets }]) =>
    buckets === undefined ? [] : [[code(name), buckets.join(', ')]],
  )
  const labels = Object.entries<LabelDefinition>(LABELS) as readonly [LabelName, LabelDefinition][]
  const labelRows = labels.map(([label, { meaning, bound }]) => [code(label), meaning, boundText(bound)])
  return `<!-- Generated from the metric catalogue by \`npm run generate --workspace dashboards\`. -->

# Metrics

Figures kept in the store are additive counts that move together with a durable cursor over a ledger: they survive restarts, and no line is counted twice. Figures of this process end with it. While the register does not answer, its figures are absent from the page: unknown is not zero.

Quality is counted once per prediction, at its horizon. What changes afterwards counts in \`groundtrace_revised_total\`, so no counter ever falls.

Counters that come at the horizon begin at 0 with the first prediction of a version, so that \`increase\` sees their first count. For \`groundtrace_revised_total\`, \`groundtrace_holdout_revealed_total\` and the metrics under Loss and Generations no such beginning is known: read their value, not their increase.

${topics.join('\n')}
## Buckets

${table(['histogram', 'upper bounds'], histograms)}

## Labels

No label names a person, a prediction, a business key or an annotator. Of each model the page shows the 20 versions whose counts moved last; the others keep their counts in the store and come back when they move.

${table(['label', 'what it says', 'bound'], labelRows)}
`
}

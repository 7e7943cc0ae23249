import { CATALOGUE, LABELS, type MetricDefinition } from '@groundtrace/prometheus'
import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'

const CATALOGUED = new Map<string, MetricDefinition>(Object.entries(CATALOGUE))

/** Grafana's variables as Grafana would fill them in. */
function withVariables(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '5m')
    .replaceAll('$__interval', '1m')
    .replaceAll('$window', '1d')
    .replaceAll('$evidence', '30')
    .replaceAll('$task', 'spam')
    .replaceAll('$part', 'whole')
    .replaceAll(/\$(model|version|class)/g, '.+')
}

/** The metric that a series belongs to and the labels it has; undefined when it is not catalogued. */
function labelsOf(series: string): ReadonlySet<string> | undefined {
  const own = CATALOGUED.get(series)
  if (own !== undefined) return own.type === 'histogram' ? undefined : new Set<string>(own.labels)
  const match = /^(.*)_(bucket|sum|count)$/.exec(series)
  const histogram = CATALOGUED.get(match?.[1] ?? '')
  if (histogram?.type !== 'histogram') return undefined
  return new Set<string>([...histogram.labels, ...(match?.[2] === 'bucket' ? ['le'] : [])])
}

function nodesIn(node: SyntaxNode, name: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = []
  node.cursor().iterate((inner) => {
    if (inner.name === name) found.push(inner.node)
  })
  return found
}

/** What is wrong with a query: syntax, metrics that are not catalogued, and labels that its metrics don't have. */
export function faultsOf(expr: string): readonly string[] {
  const query = withVariables(expr)
  const textOf = (node: SyntaxNode | null | undefined): string => (node ? query.slice(node.from, node.to) : '')
  const root = parser.parse(query).topNode
  const faults: string[] = []
  root.cursor().iterate((node) => {
    if (node.type.isError)
      faults.push(`syntax at ${node.from}: ${query.slice(Math.max(0, node.from - 20), node.from + 20)}`)
  })
  if (query.includes('$')) faults.push('a variable is not filled in')

  const seriesIn = (node: SyntaxNode): readonly string[] =>
    nodesIn(node, 'VectorSelector').map((selector) => textOf(selector.getChild('Identifier')))
  const expectLabels = (labels: readonly string[], series: readonly string[]): void => {
    for (const name of series) {
      const known = labelsOf(name)
      for (const label of labels) if (known?.has(label) === false) faults.push(`${name} has no label ${label}`)
    }
  }
  for (const name of seriesIn(root)) if (labelsOf(name) === undefined) faults.push(`${name} is not catalogued`)
  for (const selector of nodesIn(root, 'VectorSelector')) {
    expectLabels(nodesIn(selector, 'LabelName').map(textOf), seriesIn(selector))
    faults.push(...nodesIn(selector, 'UnquotedLabelMatcher').flatMap((matcher) => impossible(matcher, textOf)))
  }
  for (const aggregate of nodesIn(root, 'AggregateExpr')) {
    const grouping = aggregate.getChild('AggregateModifier')
    if (grouping) expectLabels(nodesIn(grouping, 'LabelName').map(textOf), seriesIn(aggregate))
  }
  for (const matching of nodesIn(root, 'MatchingModifierClause')) {
    if (matching.parent) expectLabels(nodesIn(matching, 'LabelName').map(textOf), seriesIn(matching.parent))
  }
  return faults
}

/** A matcher for a value that a label of fixed values never has. */
function impossible(matcher: SyntaxNode, textOf: (node: SyntaxNode | null) => string): readonly string[] {
  const label = textOf(matcher.getChild('LabelName'))
  const values = textOf(matcher.getChild('StringLiteral')).slice(1, -1).split('|')
  const bound = label in LABELS ? LABELS[label as keyof typeof LABELS].bound : undefined
  if (bound?.kind !== 'one of') return []
  const known: readonly string[] = bound.values
  return values.filter((value) => !known.includes(value)).map((value) => `${label} is never ${value}`)
}

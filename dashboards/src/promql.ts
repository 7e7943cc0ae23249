import {
  CATALOGUE,
  type LabelName,
  type LabelsOf,
  type MetricDefinition,
  type MetricName,
} from '@groundtrace/prometheus'

/** Matchers by label, each with its operator: `{ version: '=~"v.*"' }`. */
export type Matchers<M extends MetricName> = Partial<LabelsOf<M>>

type Suffix = '' | '_bucket' | '_sum' | '_count'

/** A selector of a catalogued metric. What the catalogue does not declare does not compile. */
export function selector<M extends MetricName>(name: M, matchers: Matchers<M> = {}, suffix: Suffix = ''): string {
  const pairs = Object.entries<string | undefined>(matchers).map(([label, matcher]) => `${label}${matcher}`)
  return `${name}${suffix}${pairs.length === 0 ? '' : `{${pairs.join(', ')}}`}`
}

/** The dashboard's variables as matchers of the labels that a metric has. */
const CHOSEN: Partial<Record<LabelName, string>> = {
  task: '="$task"',
  model: '=~"$model"',
  version: '=~"$version"',
  part: '="$part"',
}

/** A selector of what is chosen on the dashboard: task, model, version and part, where the metric has them. */
export function chosen<M extends MetricName>(name: M, matchers: Matchers<M> = {}, suffix: Suffix = ''): string {
  const { labels }: MetricDefinition = CATALOGUE[name]
  const own = labels.filter((label) => label in CHOSEN).map((label) => [label, CHOSEN[label]])
  return selector(name, { ...Object.fromEntries(own), ...matchers }, suffix)
}

/** Sum over all other labels. Without labels: one number. */
export function sumBy(labels: readonly LabelName[] | readonly [...LabelName[], 'le'], vector: string): string {
  return labels.length === 0 ? `sum(${vector})` : `sum by (${labels.join(', ')}) (${vector})`
}

/** Increase over the window that quality is read over. */
export function overWindow(vector: string): string {
  return `increase(${vector}[$window])`
}

/**
 * A share that has no value where too few units are behind it: Grafana shows a gap, so that a small sample is seen as
 * blindness and not as 0 or 1.
 */
export function shareOf(part: string, whole: string): string {
  return `${part} / (${whole} >= $evidence)`
}

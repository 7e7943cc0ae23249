/** One series of a page of metrics in Prometheus' text format. */
export interface PageSeries {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The series of a page. Labels of ours hold neither quotes nor commas in the worlds of these tests. */
export function seriesOf(page: string): readonly PageSeries[] {
  return [...page.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text])),
    value: Number(value),
  }))
}

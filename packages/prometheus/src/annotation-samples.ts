import type { MetricName } from './catalogue.ts'
import type { Sample } from './host-registry.ts'

/** What a bridge to annotators says of itself, in counts; `bridgeStatus` of `@groundtrace/label-studio` does. */
export interface AnnotationFigures {
  /** Predictions that were picked, by where they go, where they stand and why they were picked. */
  readonly units: readonly {
    readonly project: string
    readonly state: string
    readonly reason: string
    readonly units: number
  }[]
  /** Answers, by what happened to them last. */
  readonly answers: readonly { readonly kind: string; readonly answers: number }[]
  readonly gaps: readonly { readonly project: string; readonly kind: string; readonly gaps: number }[]
  /** Feedback on its way to the register: `waiting`, and by receipt. */
  readonly feedback: Readonly<Record<string, number>>
  /** Units by what is held of their truth, and lines about it that were made for the register. */
  readonly truths: readonly { readonly project: string; readonly stage: string; readonly units: number }[]
  readonly truthLines: readonly { readonly project: string; readonly said: string; readonly lines: number }[]
  /** When all of a project was last read, in milliseconds since 1970. */
  readonly projects: readonly { readonly project: string; readonly swept?: number }[]
}

/** One sample for each combination of labels: what differs in something else is added up. */
function summed(samples: readonly Sample[]): Sample[] {
  const sums = new Map<string, Sample>()
  for (const { labels, value } of samples) {
    const key = JSON.stringify(labels)
    sums.set(key, { labels, value: (sums.get(key)?.value ?? 0) + value })
  }
  return [...sums.values()]
}

const READ: Partial<Record<MetricName, (figures: AnnotationFigures) => Sample[]>> = {
  groundtrace_annotation_units: ({ units }) =>
    summed(
      units.map(({ project, state, reason, units: value }) => ({
        labels: { project, standing: state, pick: reason },
        value,
      })),
    ),
  groundtrace_annotation_answers: ({ answers }) =>
    summed(answers.map(({ kind, answers: value }) => ({ labels: { answer: kind }, value }))),
  groundtrace_annotation_gaps_total: ({ gaps }) =>
    summed(gaps.map(({ project, kind, gaps: value }) => ({ labels: { project, gap: kind }, value }))),
  groundtrace_annotation_feedback: ({ feedback }) =>
    Object.entries(feedback).map(([delivery, value]) => ({ labels: { delivery }, value })),
  groundtrace_annotation_truths: ({ truths }) =>
    truths.map(({ project, stage, units: value }) => ({ labels: { project, held: stage }, value })),
  groundtrace_annotation_truth_lines_total: ({ truthLines }) =>
    truthLines.map(({ project, said, lines: value }) => ({ labels: { project, word: said }, value })),
  groundtrace_annotation_read_timestamp_seconds: ({ projects }) =>
    projects.flatMap(({ project, swept }) =>
      swept === undefined ? [] : [{ labels: { project }, value: swept / 1000 }],
    ),
}

/** The series of one metric of annotation; none without a bridge, or for a metric of something else. */
export function annotationSamples(name: MetricName, figures: AnnotationFigures | undefined): Sample[] {
  return figures === undefined ? [] : (READ[name]?.(figures) ?? [])
}

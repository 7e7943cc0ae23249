import {
  hastyRaters,
  raterAccuracy,
  raterInfluence,
  unitDependence,
  type AccuracyDrift,
  type Carelessness,
  type SharedErrors,
} from '@groundtrace/statistics'
import type { CrowdRating } from '../truth/consensus-choice.ts'
import type { AnnotatorAnswer } from './annotator-answer.ts'
import type { Judged } from './judge-answers.ts'
import { accuracyOf, figure, LEAST_ANSWERS, type Accuracy, type Figure, type Interval } from './figure.ts'
import type { AnswerEvidence } from './own-evidence.ts'
import { periodOf } from './period.ts'
import { serumScores, type SerumFigure } from './serum-scores.ts'

/** What is known of one annotator. For whoever leads the annotation, and nobody else: it is about a person. */
export interface AnnotatorEntry {
  /** Their number on the server. */
  readonly annotator: number
  /** The declared group. */
  readonly group?: string
  readonly answers: number
  readonly skipped: number
  /** Units that they flagged as unclear. */
  readonly unclear: number
  /** Answers of theirs that somebody else wrote over. */
  readonly edited: number
  /** How often they are right, by truth that they had no say in; of `byExperts` answers experts said what is true. */
  readonly accuracy: Accuracy & { readonly byExperts: number }
  /** The same by period, named by its first day. */
  readonly periods: readonly (Accuracy & { readonly period: string })[]
  /** Truth → answer → how often, of answers whose truth others or experts have settled: mistakes are more often settled. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** How often others who answered the same unit say the same. */
  readonly agreement: Figure
  /** Krippendorff's alpha with them − without them; absent where it is not defined. */
  readonly influence?: number
  /** Their time ÷ that of others on the same units, and answers that were too fast to have looked. */
  readonly pace:
    | {
        readonly state: 'known'
        readonly answers: number
        readonly secondsMedian: number
        readonly relative: number
        readonly tooFast: number
        readonly tooFastInterval: Interval
      }
    | { readonly state: 'too-little'; readonly answers: number }
  /** Whether answers are too fast, or do not depend on what is asked. `unknown` is no suspicion. */
  readonly careless: { readonly haste: Carelessness; readonly habit: Carelessness }
  /** By Bayesian Truth Serum; absent where nobody was asked for shares. */
  readonly serum?: SerumFigure
  /** How their accuracy changed in the last period beyond what changed for all; absent with too little data. */
  readonly drift?: {
    readonly value: number
    readonly interval: Interval
    readonly pValue: number
    readonly drifted: boolean
  }
  /** Annotators with whom they share more mistakes than skill and hard units explain. */
  readonly sharesErrorsWith: readonly number[]
}

function accuraciesByPeriod(evidence: readonly AnswerEvidence[], days: number): AnnotatorEntry['periods'] {
  return [...Map.groupBy(evidence, ({ time }) => periodOf(time, days))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([period, own]) => ({ period, ...accuracyOf(own) }))
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1] ?? 0

/** Per annotator: units that others answered too, and the share of these others who agree, summed. */
function agreements(rows: readonly CrowdRating[]): ReadonlyMap<number, { units: number; agreed: number }> {
  const sums = new Map<number, { units: number; agreed: number }>()
  for (const answers of Map.groupBy(rows, ({ unit }) => unit).values()) {
    if (answers.length < 2) continue
    for (const { rater, value } of answers) {
      const sum = sums.get(rater) ?? { units: 0, agreed: 0 }
      const same = answers.filter((other) => other.rater !== rater && other.value === value).length
      sum.units += 1
      sum.agreed += same / (answers.length - 1)
      sums.set(rater, sum)
    }
  }
  return sums
}

/** What entries are made of. */
export interface EntryContext {
  /** Of the crowd. */
  readonly answers: readonly AnnotatorAnswer[]
  readonly rows: readonly CrowdRating[]
  readonly judged: readonly Judged[]
  readonly evidence: readonly AnswerEvidence[]
  /** Length of a period. */
  readonly days: number
  /** Of the task. */
  readonly classes: readonly string[]
  readonly groupOf: ReadonlyMap<number, string>
  readonly drift: AccuracyDrift | undefined
  readonly shared: readonly SharedErrors[]
}

/** One entry per annotator, in order of their numbers: nobody is ranked. */
export function annotatorEntries(context: EntryContext): readonly AnnotatorEntry[] {
  const { answers, rows, judged, groupOf, drift, shared } = context
  const { classes, raters } = raterAccuracy(judged)
  const accuracies = new Map(raters.map((one) => [one.rater, one]))
  const habits = new Map(unitDependence(judged).map(({ rater, careless }) => [rater, careless]))
  const timed = answers.flatMap(({ unit, annotator, label, seconds }) =>
    label === undefined || seconds === undefined ? [] : [{ unit, rater: annotator, seconds }],
  )
  const hastes = new Map(hastyRaters(timed).map((one) => [one.rater, one]))
  const influences = new Map(
    raterInfluence(rows, { level: 'nominal' }).map(({ rater, influence }) => [rater, influence]),
  )
  const agreed = agreements(rows)
  const serum = serumScores(answers, context.classes, LEAST_ANSWERS)
  const drifts = new Map(drift?.raters.map((one) => [one.rater, one]))
  const byAnnotator = [...Map.groupBy(answers, ({ annotator }) => annotator)].toSorted(([a], [b]) => a - b)

  return byAnnotator.map(([annotator, own]): AnnotatorEntry => {
    const group = groupOf.get(annotator)
    const accuracy = accuracies.get(annotator)
    const haste = hastes.get(annotator)
    const influence = influences.get(annotator)
    const serumFigure = serum.get(annotator)
    const { alone } = drifts.get(annotator) ?? {}
    const known = context.evidence.filter((one) => one.annotator === annotator)
    const { units = 0, agreed: same = 0 } = agreed.get(annotator) ?? {}
    const seconds = timed.filter(({ rater }) => rater === annotator).map((answer) => answer.seconds)
    const compared = haste?.answers ?? 0
    return {
      annotator,
      ...(group !== undefined && { group }),
      answers: own.filter(({ label }) => label !== undefined).length,
      skipped: own.filter(({ skipped }) => skipped).length,
      unclear: own.filter(({ unclear }) => unclear).length,
      edited: own.filter(({ edited }) => edited).length,
      accuracy: { ...accuracyOf(known), byExperts: known.filter(({ by }) => by === 'experts').length },
      periods: accuraciesByPeriod(known, context.days),
      confusion: Object.fromEntries(
        classes.map((truth, row) => [
          truth,
          Object.fromEntries(classes.map((answer, column) => [answer, accuracy?.confusion[row]?.[column] ?? 0])),
        ]),
      ),
      agreement: figure(same, units),
      ...(influence !== undefined && { influence }),
      pace:
        haste?.pace === undefined || compared < LEAST_ANSWERS
          ? { state: 'too-little', answers: compared }
          : {
              state: 'known',
              answers: compared,
              secondsMedian: median(seconds),
              relative: haste.pace,
              tooFast: haste.tooFast,
              tooFastInterval: haste.interval,
            },
      careless: { haste: haste?.careless ?? 'unknown', habit: habitOf(annotator) },
      ...(serumFigure !== undefined && { serum: serumFigure }),
      ...(alone !== undefined && {
        drift: { ...alone, drifted: drift?.drifted.includes(annotator) === true },
      }),
      sharesErrorsWith: shared
        .filter(({ suspicious, raters: pair }) => suspicious && pair.includes(annotator))
        .flatMap(({ raters: pair }) => pair.filter((rater) => rater !== annotator).map(Number))
        .toSorted((a, b) => a - b),
    }
  })

  function habitOf(annotator: number): Carelessness {
    return (accuracies.get(annotator)?.answers ?? 0) < LEAST_ANSWERS ? 'unknown' : (habits.get(annotator) ?? 'unknown')
  }
}

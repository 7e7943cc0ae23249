import {
  hastyRaters,
  raterAccuracy,
  raterInfluence,
  unitDependence,
  wilsonInterval,
  type AccuracyDrift,
  type Carelessness,
  type SharedErrors,
} from '@groundtrace/statistics'
import type { CrowdRating } from '../truth/consensus-choice.ts'
import type { AnnotatorAnswer } from './annotator-answer.ts'
import type { Judged } from './judge-answers.ts'
import { serumScores, type SerumFigure } from './serum-scores.ts'

type Interval = readonly [number, number]

/** A figure with its interval (95 %); `too-little`: there are too few answers to give one. */
export type Figure =
  | { readonly state: 'known'; readonly answers: number; readonly value: number; readonly interval: Interval }
  | { readonly state: 'too-little'; readonly answers: number }

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
  /** How often they are right, by truth that they had no say in; `byExperts` of the answers were judged by experts. */
  readonly accuracy: Figure & { readonly byExperts: number }
  /** The same by period, named by its first day. */
  readonly periods: readonly {
    readonly period: string
    readonly answers: number
    readonly right: number
    readonly interval: Interval
  }[]
  /** Truth → answer → how often. */
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

/** With fewer answers than this a share says next to nothing, and is not given. */
const LEAST_ANSWERS = 20

function figure(right: number, answers: number): Figure {
  if (answers < LEAST_ANSWERS) return { state: 'too-little', answers }
  return { state: 'known', answers, value: right / answers, interval: wilsonInterval(right, answers) }
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
    const { periods = [], alone } = drifts.get(annotator) ?? {}
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
      accuracy: {
        ...figure(accuracy?.right ?? 0, accuracy?.answers ?? 0),
        byExperts: judged.filter(({ rater, by }) => rater === annotator && by === 'experts').length,
      },
      periods: periods.map(({ period, ...counts }) => ({ period: String(period), ...counts })),
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

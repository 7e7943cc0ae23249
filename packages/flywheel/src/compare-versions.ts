import { quote } from '@groundtrace/core'
import { disagreementDifference, type Interval } from '@groundtrace/statistics'
import { numberIn, refusal, wholeFrom } from './argument.ts'
import { comparisonWindow, type ComparedPrediction, type VolunteerUse } from './comparison-window.ts'

/** What counts. `balancedAccuracy`: the mean of the classes' recalls, so that a rare class counts as much as a common one. */
export type GateMetric = 'balancedAccuracy' | 'accuracy'

/** How two versions are compared. */
export interface CompareOptions {
  /** Default `balancedAccuracy`. */
  readonly metric?: GateMetric
  /** Classes that must have been seen. Default: for balanced accuracy those that occur, which must be two at least. */
  readonly classes?: readonly string[]
  /** Known truths among the disagreements below which the comparison is blind, unless all are known. Default 5. */
  readonly minimumRevealed?: number
  /** Known truths of each class below which it is blind: its size would not be known. Default 5. */
  readonly minimumPerClass?: number
  /** Whether truths that nobody asked for count. Default `alike`; `assumedShare` says how much rests on them. */
  readonly volunteers?: VolunteerUse
  /** Of the interval. Default 0.95. */
  readonly level?: number
}

/** Candidate against champion on one window. */
export interface VersionComparison {
  readonly metric: GateMetric
  /** Candidate minus champion, from -1 to 1; `undefined` when no truth is known, like interval and qualities. */
  readonly difference: number | undefined
  /** Where the difference may be on predictions to come, of which the window is a sample. */
  readonly interval: Interval | undefined
  /** Of the interval. */
  readonly level: number
  /** The metric of each, estimated. */
  readonly candidateQuality: number | undefined
  readonly championQuality: number | undefined
  readonly predictions: number
  /** Predictions that the versions give different labels. */
  readonly disagreements: number
  /** Of these, the ones whose truth is known, and the ones in strata of which no truth is known. */
  readonly revealedDisagreements: number
  readonly unrevealedDisagreements: number
  /** Share of the disagreements whose truth is taken from volunteers; `undefined` when that can't be told. */
  readonly assumedShare: number | undefined
  /** Why there is too little evidence to decide anything, in words; absent when there is enough. */
  readonly blind?: string
}

/**
 * Compares two versions on a window of predictions, of which some truths are known. Predictions that both give the same
 * label add nothing to the difference, so truth is needed among the others only (`disagreementDifference` of the
 * statistics package has the method and its sources). Pass all predictions of the window, above all those without truth.
 * @throws GroundtraceError `invalid-argument`
 */
export function compareVersions(window: Iterable<ComparedPrediction>, options: CompareOptions): VersionComparison {
  const { metric = 'balancedAccuracy', classes, volunteers = 'alike', level = 0.95 } = options
  if (metric !== 'balancedAccuracy' && metric !== 'accuracy') {
    throw refusal(`metric ${quote(metric)} is unknown`, 'Use balancedAccuracy or accuracy')
  }
  numberIn([0, 1], level, 'level', { open: true })
  const minimumRevealed = wholeFrom(0, options.minimumRevealed ?? 5, 'minimumRevealed')
  const minimumPerClass = wholeFrom(0, options.minimumPerClass ?? 5, 'minimumPerClass')
  const { strata, revealedPerClass, assumedShare } = comparisonWindow(window, { classes, volunteers })
  const result = disagreementDifference(strata, { level, average: metric === 'accuracy' ? 'units' : 'classes' })
  const { population, disagreements, revealed, revealedDisagreements, unrevealedDisagreements } = result
  const lack =
    (population === 0 ? 'There are no predictions to compare on' : undefined) ??
    (revealed === 0 ? `No truth of ${population} predictions is known` : undefined) ??
    (metric === 'accuracy' && classes === undefined
      ? undefined
      : classLack(revealedPerClass, classes ?? [], metric, minimumPerClass)) ??
    (revealedDisagreements < Math.min(minimumRevealed, disagreements)
      ? `The versions differ on ${disagreements} predictions, with truth known for ${revealedDisagreements} of them; at least ${minimumRevealed} needed`
      : undefined)
  return {
    metric,
    difference: result.difference,
    interval: result.interval,
    level,
    candidateQuality: result.candidate,
    championQuality: result.champion,
    predictions: population,
    disagreements,
    revealedDisagreements,
    unrevealedDisagreements,
    assumedShare,
    ...(lack === undefined ? {} : { blind: lack }),
  }
}

/** Which class was seen too rarely, in words. */
function classLack(
  revealed: ReadonlyMap<string, number>,
  declared: readonly string[],
  metric: GateMetric,
  minimum: number,
): string | undefined {
  const counts = new Map([...declared.map((label) => [label, 0] as const), ...revealed])
  if (metric === 'balancedAccuracy' && counts.size < 2) {
    return `All known truths are of class ${quote([...counts.keys()][0])}`
  }
  const rare = [...counts].find(([, count]) => count < minimum)
  return rare === undefined
    ? undefined
    : `Class ${quote(rare[0])} has ${rare[1]} known truths; at least ${minimum} needed`
}

/** A share as words show it: 0.9 is `90.0 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** A difference of shares as words show it: 0.021 is `2.1 points`. */
export function points(difference: number): string {
  return `${(difference * 100).toFixed(1)} points`
}

const METRIC_NAMES: Readonly<Record<GateMetric, string>> = {
  accuracy: 'accuracy',
  balancedAccuracy: 'balanced accuracy',
}

/** The comparison in words, with its figures. */
export function inWords(comparison: VersionComparison): string {
  const { metric, difference, interval, level, predictions, disagreements, revealedDisagreements } = comparison
  const name = METRIC_NAMES[metric]
  if (difference === undefined || interval === undefined) return `${name} is not known`
  const gain = `${name} ${signed(points(difference))}`
  const range = `${Number((level * 100).toFixed(2))} % interval ${interval.map((end) => signed((end * 100).toFixed(1))).join(' to ')}`
  const known = disagreements === 0 ? '' : `, with truth known for ${revealedDisagreements} of the ${disagreements}`
  return `${gain} (${range}); they differ on ${disagreements} of ${predictions} predictions${known}${assumed(comparison)}`
}

/** What rests on answers that nobody drew, in words. */
function assumed({ assumedShare = 0, disagreements }: VersionComparison): string {
  return assumedShare === 0 ? '' : `; answers of volunteers stand for ${percent(assumedShare)} of the ${disagreements}`
}

const signed = (figure: string): string => (figure.startsWith('-') ? figure : `+${figure}`)

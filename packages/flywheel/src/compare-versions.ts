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
  /** Candidate minus champion, from -1 to 1; `undefined` when no truth is known, like the next three. */
  readonly difference: number | undefined
  /** Where the difference may be on predictions to come, of which the window is a sample. */
  readonly interval: Interval | undefined
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
      ? `The truth of ${revealedDisagreements} of ${disagreements} disagreements is known, of ${minimumRevealed} needed`
      : undefined)
  return {
    metric,
    difference: result.difference,
    interval: result.interval,
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
  return rare === undefined ? undefined : `Class ${quote(rare[0])} has ${rare[1]} known truths, of ${minimum} needed`
}

/** A share as words show it: 0.9 is `90.0 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** The comparison in words, with its figures. */
export function inWords(comparison: VersionComparison): string {
  const { metric, difference, interval, predictions, disagreements, revealedDisagreements, assumedShare } = comparison
  if (difference === undefined || interval === undefined) return `${metric} is not known`
  const range = `${signed(interval[0])} to ${signed(interval[1])}`
  const known = disagreements === 0 ? '' : `, truth known of ${revealedDisagreements}`
  const assumed = assumedShare === undefined ? '' : `, ${percent(assumedShare)} of it from volunteers`
  return `${metric} ${signed(difference)} (${range}; they differ on ${disagreements} of ${predictions}${known}${assumed})`
}

function signed(share: number): string {
  return share < 0 ? percent(share) : `+${percent(share)}`
}

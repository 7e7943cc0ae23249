import { quote } from '@groundtrace/core'
import { pairedDifference, type Interval } from '@groundtrace/statistics'
import { listOf, numberIn, refusal, wholeFrom } from './argument.ts'

/** One prediction whose truth is known, answered by two versions. */
export interface LabelledPair {
  readonly truth: string
  /** What the newer version says. */
  readonly candidateLabel: string
  /** What the version that it is compared with says. */
  readonly championLabel: string
  /** How many predictions this one stands for, above 0 (see `revealWeights`). Default 1. */
  readonly weight?: number
  /** Whether somebody told its truth of their own accord; false when chance chose it. Default: not known. */
  readonly volunteer?: boolean
}

/** What counts. `balancedAccuracy`: the mean of the classes' recalls, so that a rare class counts as much as a common one. */
export type GateMetric = 'balancedAccuracy' | 'accuracy'

/** How two versions are compared. */
export interface CompareOptions {
  /** Default `balancedAccuracy`. */
  readonly metric?: GateMetric
  /** Classes that must have been seen. Default: those that occur, which must be two at least for balanced accuracy. */
  readonly classes?: readonly string[]
  /** Effective sample size below which the comparison is blind. Default 30. */
  readonly minimumUnits?: number
  /** Units of each class below which it is blind. Default 5. */
  readonly minimumPerClass?: number
  /** Of the interval. Default 0.95. */
  readonly level?: number
}

/** Candidate against champion on the same units. */
export interface VersionComparison {
  readonly metric: GateMetric
  /** Candidate minus champion, from -1 to 1; `undefined` without units, like the interval. */
  readonly difference: number | undefined
  readonly interval: Interval | undefined
  /** The metric of each. */
  readonly candidateQuality: number | undefined
  readonly championQuality: number | undefined
  readonly units: number
  /** How many equally weighted units would know as much. */
  readonly effectiveSampleSize: number
  /**
   * Share of the weight on volunteers: what rests on the assumption that they are like the rest of their stratum.
   * `undefined` when a pair doesn't say whether it is one.
   */
  readonly assumedShare: number | undefined
  /** Why there is too little evidence to decide anything, in words; absent when there is enough. */
  readonly blind?: string
}

/**
 * Compares two versions on predictions that both answered (`pairedDifference` has the method and its sources).
 * @throws GroundtraceError `invalid-argument`
 */
export function compareVersions(pairs: Iterable<LabelledPair>, options: CompareOptions): VersionComparison {
  const { metric = 'balancedAccuracy', classes, level = 0.95 } = options
  if (metric !== 'balancedAccuracy' && metric !== 'accuracy') {
    throw refusal(`metric ${quote(metric)} is unknown`, 'Use balancedAccuracy or accuracy')
  }
  numberIn([0, 1], level, 'level', { open: true })
  const minimumUnits = wholeFrom(1, options.minimumUnits ?? 30, 'minimumUnits')
  const minimumPerClass = wholeFrom(0, options.minimumPerClass ?? 5, 'minimumPerClass')
  const list = listOf(pairs, 'pairs')
  for (const [index, pair] of list.entries()) check(pair, index, classes)
  const units = list.map(({ truth, candidateLabel, championLabel, weight }) => ({
    candidate: candidateLabel === truth,
    champion: championLabel === truth,
    class: truth,
    weight,
  }))
  const result = pairedDifference(units, { level, average: metric === 'balancedAccuracy' ? 'classes' : 'units' })
  const blind =
    classLack(list, classes, metric, minimumPerClass) ??
    (result.effectiveSampleSize < minimumUnits
      ? `${list.length} units are worth ${Number(result.effectiveSampleSize.toFixed(1))} equally weighted ones, of ${minimumUnits} needed`
      : undefined)
  return {
    metric,
    difference: result.difference,
    interval: result.interval,
    candidateQuality: result.candidate,
    championQuality: result.champion,
    units: result.units,
    effectiveSampleSize: result.effectiveSampleSize,
    assumedShare: shareOfVolunteers(list),
    ...(blind === undefined ? {} : { blind }),
  }
}

function shareOfVolunteers(pairs: readonly LabelledPair[]): number | undefined {
  if (pairs.length === 0 || pairs.some(({ volunteer }) => volunteer === undefined)) return undefined
  let [assumed, total] = [0, 0]
  for (const { volunteer, weight = 1 } of pairs) {
    total += weight
    if (volunteer === true) assumed += weight
  }
  return assumed / total
}

function check(pair: LabelledPair, index: number, classes: readonly string[] | undefined): void {
  const labels = [pair?.truth, pair?.candidateLabel, pair?.championLabel]
  if (labels.some((label) => typeof label !== 'string' || label === '')) {
    throw refusal(`Pair ${index} lacks a label`, 'Pass truth, candidateLabel and championLabel as texts')
  }
  if (classes?.includes(pair.truth) === false) {
    throw refusal(`Pair ${index}: ${quote(pair.truth)} is none of the classes`, `Use one of ${classes.join(', ')}`)
  }
  const { weight = 1 } = pair
  if (!(weight > 0 && weight <= Number.MAX_SAFE_INTEGER)) {
    throw refusal(
      `Weight of pair ${index} is ${quote(weight)}`,
      'Pass a number above 0, and leave out units without one',
    )
  }
}

/** Which class was seen too rarely, in words. */
function classLack(
  pairs: readonly LabelledPair[],
  declared: readonly string[] | undefined,
  metric: GateMetric,
  minimum: number,
): string | undefined {
  if (pairs.length === 0) return 'There are no units to compare on'
  const counts = new Map((declared ?? []).map((label) => [label, 0]))
  for (const { truth } of pairs) counts.set(truth, (counts.get(truth) ?? 0) + 1)
  if (metric === 'balancedAccuracy' && counts.size < 2) return `All units are of class ${quote(pairs[0]?.truth)}`
  const rare = [...counts].find(([, count]) => count < minimum)
  return rare === undefined ? undefined : `Class ${quote(rare[0])} has ${rare[1]} units, of ${minimum} needed`
}

/** A share as words show it: 0.9 is `90.0 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** The comparison in words, with its figures. */
export function inWords(comparison: VersionComparison): string {
  const { metric, difference, interval, units, effectiveSampleSize, assumedShare } = comparison
  if (difference === undefined || interval === undefined) return `${metric} is not known`
  const worth = effectiveSampleSize.toFixed(0)
  const range = `${signed(interval[0])} to ${signed(interval[1])}`
  const assumed = assumedShare === undefined ? '' : `; ${percent(assumedShare)} of the weight on volunteers`
  return `${metric} ${signed(difference)} (${range}; ${units} units, worth ${worth}${assumed})`
}

function signed(share: number): string {
  return share < 0 ? percent(share) : `+${percent(share)}`
}

import type { Interval } from '@groundtrace/statistics'
import { nameOf, numberIn, optionsOf, refusal, shareInterval, wholeFrom } from './argument.ts'
import { compareVersions, inWords, percent, type CompareOptions } from './compare-versions.ts'
import type { ComparedPrediction } from './comparison-window.ts'
import { lineageLine, type LineageLineOf } from './lineage-line.ts'

/** A quality figure of one version on its own predictions that have passed their horizon. */
export interface RealisedQuality {
  /** Absent when it is not defined. */
  readonly interval?: Interval | undefined
  /** Units it rests on; effective sample size where they are weighted. */
  readonly units: number
}

/**
 * All predictions of the version that serves, with what the version that it replaced says of the same ones in its shadow,
 * and with the truth of those that are past their horizon. `candidateLabel` is the one that serves. Tells the versions
 * apart whatever the world does.
 */
export interface ShadowEvidence {
  readonly window: Iterable<ComparedPrediction>
}

/**
 * Quality of the one version until, of the other since the replacement. The world may have moved in between, so this is
 * for want of a shadow only.
 */
export interface BeforeAndSince {
  readonly before: RealisedQuality
  readonly since: RealisedQuality
}

export type RollbackEvidence = ShadowEvidence | BeforeAndSince

export type RollbackOptions = CompareOptions & {
  /** The version that serves. */
  readonly version: string
  /** The version that it replaced, and that would come back. */
  readonly replaced: string
  readonly evidence: RollbackEvidence
  /** Loss, in points of the metric, that is not worth a change. Default 0: any proven loss. */
  readonly margin?: number
  /**
   * How often this version is going to be looked at. Every look may err, so each is taken at a level that keeps the risk
   * of all of them together at 1 − level (Bonferroni). With a shadow only. Default 1.
   */
  readonly looks?: number
  /** Units below which a quality before or since the replacement is not looked at. Default 30. */
  readonly minimumUnits?: number
}

export interface RollbackDecision {
  readonly verdict: 'roll-back' | 'stay' | 'blind'
  readonly version: string
  readonly replaced: string
  /** With the figures. */
  readonly reason: string
}

/**
 * Does the version that was promoted do worse than the one it replaced? `roll-back` when the interval rules out that it
 * is worse by the margin or less; `stay` when it does not; `blind` when there is too little evidence. Look at matured
 * predictions only: a young cohort always looks better or worse than it is.
 *
 * Without a shadow it rolls back when the interval since lies below the interval before by more than the margin. Intervals
 * of equal versions do so in at most 2.5 % of the cases at the 95 % level, and in 0.3 % where both are equally wide.
 * @throws GroundtraceError `invalid-argument`
 */
export function rollbackDecision(options: RollbackOptions): RollbackDecision {
  const { version, replaced, evidence } = optionsOf(options, 'RollbackOptions')
  const margin = numberIn([0, 1], options.margin ?? 0, 'margin')
  const looks = wholeFrom(1, options.looks ?? 1, 'looks')
  const level = numberIn([0, 1], options.level ?? 0.95, 'level', { open: true })
  nameOf(version, 'version')
  nameOf(replaced, 'replaced')
  if (version === replaced) throw refusal('Both versions have one name', 'Pass the version that was replaced')
  optionsOf(evidence, 'RollbackEvidence')
  const decided =
    'window' in evidence
      ? byShadow(evidence, { ...options, level: 1 - (1 - level) / looks }, margin)
      : bySeparation(evidence, wholeFrom(1, options.minimumUnits ?? 30, 'minimumUnits'), margin)
  return { ...decided, version, replaced }
}

type Decided = Pick<RollbackDecision, 'verdict' | 'reason'>

function byShadow({ window }: ShadowEvidence, options: CompareOptions, margin: number): Decided {
  const comparison = compareVersions(window, options)
  const { blind, interval = [-1, 1] } = comparison
  if (blind !== undefined) return { verdict: 'blind', reason: blind }
  const said = inWords(comparison)
  return interval[1] < -margin
    ? { verdict: 'roll-back', reason: `Worse than the version it replaced: ${said}` }
    : { verdict: 'stay', reason: `No proof that it is worse than the version it replaced: ${said}` }
}

function bySeparation({ before, since }: BeforeAndSince, minimum: number, margin: number): Decided {
  for (const [name, quality] of [
    ['before', before],
    ['since', since],
  ] as const) {
    const { interval, units } = optionsOf(quality, `Quality ${name}`)
    numberIn([0, Number.MAX_VALUE], units, `units of quality ${name}`)
    if (interval === undefined) return { verdict: 'blind', reason: `Quality ${name} is not known` }
    shareInterval(interval, `interval of quality ${name}`)
    if (units < minimum) {
      return {
        verdict: 'blind',
        reason: `Quality ${name} rests on ${Number(units.toFixed(1))} units; at least ${minimum} needed`,
      }
    }
  }
  const [low, high] = [before.interval?.[0] ?? 0, since.interval?.[1] ?? 1]
  const said = `${percent(low)} at least before, ${percent(high)} at most since, on different predictions`
  return high < low - margin
    ? { verdict: 'roll-back', reason: `Worse than the version it replaced: ${said}` }
    : { verdict: 'stay', reason: `No proof that it is worse than the version it replaced: ${said}` }
}

/**
 * The lines of a rollback: the version that serves is retired, and the one that it replaced is deployed again, under the
 * name that it always had. The retired name is never used again.
 * @param time milliseconds since 1970
 * @throws GroundtraceError `invalid-argument` for a decision that is not to roll back, `invalid-lineage`
 */
export function rollbackLines(
  model: string,
  { verdict, version, replaced, reason }: RollbackDecision,
  time: number,
): readonly [LineageLineOf<'version-retired'>, LineageLineOf<'version-deployed'>] {
  if (verdict !== 'roll-back') throw refusal(`The verdict is ${verdict}`, 'Roll back on the verdict roll-back only')
  return [
    lineageLine({ kind: 'version-retired', model, version, reason }, time),
    lineageLine(
      { kind: 'version-deployed', model, version: replaced, reason: `Rollback of ${version}. ${reason}` },
      time,
    ),
  ]
}

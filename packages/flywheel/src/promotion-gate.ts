import { listOf, nameOf, numberIn, optionsOf, refusal } from './argument.ts'
import {
  compareVersions,
  inWords,
  points,
  type CompareOptions,
  type GateMetric,
  type VersionComparison,
} from './compare-versions.ts'
import type { ComparedPrediction } from './comparison-window.ts'
import { lineageLine, type LineageLineOf } from './lineage-line.ts'

export interface GateOptions extends CompareOptions {
  /** Name of the version that wants to go live. */
  readonly candidate: string
  /** Name of the version that serves. */
  readonly champion: string
  /**
   * All predictions of the time that the fresh validation set covers, with the truth of those that are in it. Neither
   * version may have been trained on any of them, or on duplicates: leave those out, known truth or not.
   */
  readonly window: Iterable<ComparedPrediction>
  /** Loss, in points of the metric, that one would not mind: 0.01 is one in a hundred. Default 0.01. */
  readonly margin?: number
  /**
   * A second metric that must not be seen to fall by the margin or more. Judged by its estimate, since its interval may be
   * too wide to prove anything: where a class is rare, accuracy alone would promote a version that never names it.
   * Default: none.
   */
  readonly guard?: GateMetric
}

export interface GateDecision extends VersionComparison {
  readonly candidate: string
  readonly champion: string
  readonly verdict: 'promote' | 'keep' | 'blind'
  /** With the figures. */
  readonly reason: string
}

/**
 * May the candidate go live? `promote` when it did better on the window **and** the interval rules out that it
 * is worse by the margin or more; `keep` otherwise; `blind`, which also leaves the champion in place, when there is too
 * little evidence to say anything.
 *
 * Why so: to demand proof of a gain (lower end above 0) would keep a stale model for want of labels while the world
 * drifts; to be content with a better point estimate, as threshold gates are, lets chance promote. Non-inferiority bounds
 * the harm: a candidate that is in truth worse by the margin or more is promoted with a probability of (1 − level) / 2
 * at most. The demand for a gain on top keeps versions from changing for nothing. A margin of 0 asks for proof of a gain.
 *
 * A `guard` keeps the champion when the estimate of a second metric falls by the margin or more.
 *
 * The interval is that of predictions to come, so even versions that never differed leave it a small width.
 *
 * One decision for one candidate on one fresh set: asked again and again, any gate opens in the end.
 * @throws GroundtraceError `invalid-argument`
 */
export function promotionGate(options: GateOptions): GateDecision {
  const { candidate, champion, guard, ...rest } = optionsOf(options, 'GateOptions')
  const margin = numberIn([0, 1], options.margin ?? 0.01, 'margin')
  nameOf(candidate, 'candidate')
  nameOf(champion, 'champion')
  if (candidate === champion) throw refusal('Candidate and champion have one name', 'Name versions with nextVersion')
  const window = listOf(options.window, 'window')
  const comparison = compareVersions(window, rest)
  const decision = decided(comparison, margin)
  const loss = guard === undefined ? undefined : lossOf(window, { ...rest, metric: guard }, margin)
  const kept = decision.verdict === 'promote' && loss !== undefined
  return { ...comparison, candidate, champion, ...(kept ? { verdict: 'keep', reason: loss } : decision) }
}

/** What a guarding metric loses, in words; undefined when its estimate falls by less than the margin, or is not known. */
function lossOf(window: readonly ComparedPrediction[], options: CompareOptions, margin: number): string | undefined {
  const guard = compareVersions(window, { ...options, minimumRevealed: 0, minimumPerClass: 0 })
  return (guard.difference ?? 0) > -margin ? undefined : `Better, but loses elsewhere: ${inWords(guard)}`
}

function decided(comparison: VersionComparison, margin: number): Pick<GateDecision, 'verdict' | 'reason'> {
  const { blind, difference = 0, interval = [-1, 1] } = comparison
  if (blind !== undefined) return { verdict: 'blind', reason: blind }
  const said = inWords(comparison)
  // Sums of shares that cancel out may leave a trace of rounding, which is no gain.
  if (difference < 1e-12) return { verdict: 'keep', reason: `No better: ${said}` }
  if (interval[0] > -margin) {
    return { verdict: 'promote', reason: `Better, and a loss of ${points(margin)} is ruled out: ${said}` }
  }
  return { verdict: 'keep', reason: `A loss of ${points(margin)} is not ruled out: ${said}` }
}

/**
 * The line that says what the gate decided.
 * @param time milliseconds since 1970
 * @throws GroundtraceError `invalid-lineage`
 */
export function gateLine(
  model: string,
  { candidate, champion, verdict, reason }: GateDecision,
  time: number,
): LineageLineOf<'gate-decided'> {
  return lineageLine({ kind: 'gate-decided', model, candidate, champion, verdict, reason }, time)
}

import { GroundtraceError, isName, quote } from '@groundtrace/core'
import { populationStabilityIndex, psiAlertThreshold } from '@groundtrace/statistics'
import { binOf, checkedEdges, SCORE_EDGES } from './score-bins.ts'

export interface ScoreDriftOptions {
  readonly task: string
  readonly model: string
  readonly version: string
  /** The scores that are held to be normal, counted in bins; see `countScores`. */
  readonly reference: readonly number[]
  /** Upper edges of all bins but the highest. Default: ten equal bins in [0, 1]. */
  readonly edges?: readonly number[]
  /** The latest predictions that are compared, at most. Default 1,000. */
  readonly window?: number
  /** With fewer predictions, or a reference of fewer, the monitor is blind. Default 100. */
  readonly minimumUnits?: number
  /** 1 − the probability that chance alone passes the threshold when one looks once. Default 0.99. */
  readonly level?: number
  /** Least share of a bin, so that an empty one counts; the same for index and threshold. Default 0.0001. */
  readonly floor?: number
  /** For the simulation of the threshold. Default: a generator with a fixed seed. */
  readonly random?: () => number
}

/** What the latest scores say. Too few of them neither alarm nor reassure. */
export type DriftVerdict =
  | { readonly state: 'blind'; readonly units: number; readonly psi: undefined; readonly threshold: undefined }
  | { readonly state: 'stable' | 'drift'; readonly units: number; readonly psi: number; readonly threshold: number }

/** Watches the scores of one model version, in this process. Memory and work do not grow with their number. */
export interface ScoreDrift {
  readonly labels: { readonly task: string; readonly model: string; readonly version: string }
  /** Takes one score into the window; the oldest leaves when it is full. @throws GroundtraceError `invalid-argument` when it is no finite number */
  observe(score: number): void
  evaluate(): DriftVerdict
}

/**
 * A drift monitor: population stability index of the latest scores against a reference, beside the index that chance alone
 * would pass at this number of units. The threshold is simulated once for a number of units, which is rounded down to two
 * significant digits: fewer units scatter more, so the threshold is never too low for that.
 * @throws GroundtraceError `invalid-argument`
 */
export function scoreDrift(options: ScoreDriftOptions): ScoreDrift {
  const { task, model, version, reference, edges, window, minimumUnits, level, floor, random } = checkedOptions(options)
  const referenceUnits = reference.reduce((sum, count) => sum + count, 0)
  const current = Array.from({ length: reference.length }, () => 0)
  const latest = new Uint32Array(window)
  let observed = 0
  const thresholds = new Map<number, number>()

  function thresholdAt(units: number): number {
    const step = 10 ** Math.max(0, Math.floor(Math.log10(units)) - 1)
    const rounded = Math.floor(units / step) * step
    const known = thresholds.get(rounded)
    if (known !== undefined) return known
    const threshold = psiAlertThreshold({ reference, current: rounded, level, floor, random })
    thresholds.set(rounded, threshold)
    return threshold
  }

  return {
    labels: { task, model, version },
    observe(score) {
      const bin = binOf(edges, score)
      const place = observed % window
      const leaving = latest[place] ?? 0
      if (observed >= window) current[leaving] = (current[leaving] ?? 0) - 1
      latest[place] = bin
      current[bin] = (current[bin] ?? 0) + 1
      observed += 1
    },
    evaluate() {
      const units = Math.min(observed, window)
      if (units < minimumUnits || referenceUnits < minimumUnits) {
        return { state: 'blind', units, psi: undefined, threshold: undefined }
      }
      const psi = populationStabilityIndex(reference, current, { floor })
      const threshold = thresholdAt(units)
      return { state: psi > threshold ? 'drift' : 'stable', units, psi, threshold }
    },
  }
}

/** Of a window: four bytes each. */
const MOST_UNITS = 10_000_000

function invalid(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-argument', cause, nextStep)
}

const isCount = (count: unknown): boolean => typeof count === 'number' && Number.isFinite(count) && count >= 0

type Checked = Required<Omit<ScoreDriftOptions, 'random'>> & Pick<ScoreDriftOptions, 'random'>

function checkedOptions(options: ScoreDriftOptions): Checked {
  const {
    window = 1000,
    minimumUnits = 100,
    level = 0.99,
    floor = 1e-4,
    ...given
  }: Partial<ScoreDriftOptions> = options ?? {}
  const { task, model, version, reference, random } = given
  if (!isName(task) || !isName(model) || !isName(version))
    throw invalid(
      `Task ${quote(task)}, model ${quote(model)} or version ${quote(version)} is not a bounded word`,
      'Use 1 to 64 letters, digits, dots, hyphens or underscores',
    )
  const edges = checkedEdges(given.edges ?? SCORE_EDGES)
  if (!Array.isArray(reference) || reference.length !== edges.length + 1 || !reference.every(isCount))
    throw invalid(
      `reference is not a count for each of ${edges.length + 1} bins`,
      'Make it with countScores and the same edges',
    )
  if (!(Number.isInteger(minimumUnits) && minimumUnits > 0))
    throw invalid(
      `minimumUnits ${quote(minimumUnits)} is no whole number from 1`,
      'Pass the least number of predictions',
    )
  if (!(Number.isInteger(window) && window >= minimumUnits && window <= MOST_UNITS))
    throw invalid(
      `window ${quote(window)} is no whole number from minimumUnits to ${MOST_UNITS}`,
      'Pass how many of the latest predictions to compare',
    )
  if (!(level > 0 && level < 1))
    throw invalid(`level ${quote(level)} is not within 0 and 1`, 'Pass a probability such as 0.99')
  if (!(floor > 0 && floor < 1))
    throw invalid(`floor ${quote(floor)} is not within 0 and 1`, 'Pass a small share such as 0.0001')
  if (random !== undefined && typeof random !== 'function')
    throw invalid('random is no function', 'Pass a function that returns numbers in [0, 1), or leave it out')
  return {
    task,
    model,
    version,
    reference: [...reference],
    edges,
    window,
    minimumUnits,
    level,
    floor,
    ...(random === undefined ? {} : { random }),
  }
}

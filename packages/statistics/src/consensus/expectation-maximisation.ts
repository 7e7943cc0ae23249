import { invalid, parseOptions, parseWhole } from '../parse.ts'

export interface FitOptions {
  /** At most so many rounds after the first; 0 keeps the parameters that the votes give. 500 by default. */
  readonly iterations?: number | undefined
  /** A round that changes no probability of any unit by more, nor for `mace` of any answer, ends the fit; 1e-7 by default. */
  readonly tolerance?: number | undefined
  /** How much each rater is taken to resemble all; 0 for plain maximum likelihood. Its unit is the model's to say. */
  readonly smoothing?: number | undefined
}

/** How a fit went. */
export interface Fit {
  /** Σ over units of ln P(the unit's answers), truth summed out, at the parameters returned; no term of the smoothing. */
  readonly logLikelihood: number
  readonly iterations: number
  /** False where `iterations` ran out first: the figures are then of a fit half done. */
  readonly converged: boolean
}

interface ParsedFitOptions {
  readonly iterations: number
  readonly tolerance: number
  readonly smoothing: number
}

export function parseFitOptions(options: FitOptions | undefined, smoothing: number): ParsedFitOptions {
  const given = parseOptions(options)
  const parsed = {
    iterations: parseWhole(given.iterations ?? 500, 'iterations', 0),
    tolerance: given.tolerance ?? 1e-7,
    smoothing: given.smoothing ?? smoothing,
  }
  for (const name of ['tolerance', 'smoothing'] as const) {
    if (!(Number.isFinite(parsed[name]) && parsed[name] >= 0)) {
      throw invalid(name, parsed[name], 'Pass a number from 0 on')
    }
  }
  return parsed
}

/** Sums over the units of one expectation step. */
export interface Expectation {
  logLikelihood: number
  /** How far the probability moved that moved most: of the units, and where they do not settle the rest, of that too. */
  change: number
}

/** A model of answers whose truth nobody saw. It starts out holding the counts that shares of votes give. */
interface LatentModel {
  /** Takes the parameters under which the counts that it holds are likeliest. */
  maximise(): void
  /** Overwrites the units × classes with P(truth | answers) at the parameters, and takes the counts that they give. */
  expect(posterior: Float64Array): Expectation
}

/**
 * Expectation–maximisation. The parameters, the probabilities and the log-likelihood that it leaves belong together.
 *
 * Source: A. P. Dempster, N. M. Laird, D. B. Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
 * Journal of the Royal Statistical Society B 39 (1977), 1–38.
 */
export function expectationMaximisation(model: LatentModel, posterior: Float64Array, options: ParsedFitOptions): Fit {
  const round = () => {
    model.maximise()
    return model.expect(posterior)
  }
  let { logLikelihood, change } = round()
  let iterations = 0
  while (iterations < options.iterations && change > options.tolerance) {
    ;({ logLikelihood, change } = round())
    iterations += 1
  }
  return { logLikelihood, iterations, converged: change <= options.tolerance }
}

/** Below this, a product of probabilities has lost digits, or is about to. */
const SMALL = 1e-200

/** Sum of one unit's P(truth, answers), or 0 where the products left the range of doubles and their logarithms are wanted. */
function jointTotal(joint: Float64Array): number {
  let total = 0
  for (let code = 0; code < joint.length; code += 1) total += joint[code] ?? 0
  return total < SMALL ? 0 : total
}

/** Turns ln P(truth, answers) into multiples of P(truth, answers), the greatest of them 1; returns the logarithm of it. */
function unlog(joint: Float64Array): number {
  const greatest = joint.reduce((a, b) => Math.max(a, b))
  for (let code = 0; code < joint.length; code += 1) joint[code] = Math.exp((joint[code] ?? 0) - greatest)
  return greatest
}

/**
 * Turns P(truth, answers) of a unit into P(truth | answers), in place and in its row of `posterior`.
 * @param writeLogs overwrites it with ln P(truth, answers), where the products left the range of doubles
 */
export function settleUnit(
  unit: number,
  joint: Float64Array,
  writeLogs: (unit: number, logJoint: Float64Array) => void,
  posterior: Float64Array,
  sums: Expectation,
): void {
  let total = jointTotal(joint)
  if (total === 0) {
    writeLogs(unit, joint)
    sums.logLikelihood += unlog(joint)
    total = jointTotal(joint)
  }
  const row = unit * joint.length
  let change = sums.change
  for (let code = 0; code < joint.length; code += 1) {
    const probability = (joint[code] ?? 0) / total
    change = Math.max(change, Math.abs(probability - (posterior[row + code] ?? 0)))
    joint[code] = probability
    posterior[row + code] = probability
  }
  sums.change = change
  sums.logLikelihood += Math.log(total)
}

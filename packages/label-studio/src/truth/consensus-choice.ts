import { dawidSkene, oneCoin, posteriorOf, type Fit, type Rating } from '@groundtrace/statistics'
import type { Belief } from './crowd-verdict.ts'
import { CONSENSUS_METHODS, heldOutLikelihoods, type ConsensusMethod } from './held-out.ts'

/**
 * Why a method was not taken.
 * - `too-little-data`: too few annotators, or units with two answers, to tell annotators apart.
 * - `not-better`: the one taken foretells answers that it has not seen as well, to one standard error, or better.
 * - `not-converged`: its fit did not come to rest.
 * - `labels-unclear`: by its fit, annotators give some class other names as often: labels may have changed places.
 */
export type MethodRefusal = 'too-little-data' | 'not-better' | 'not-converged' | 'labels-unclear'

export interface MethodTrial {
  readonly method: ConsensusMethod
  /** Mean over units of ln P(answers) by a fit that did not see them. Absent where there was too little data. */
  readonly heldOut?: number
  /** Absent for the one that was taken. Without any, a unit has shares of votes and no probabilities. */
  readonly refused?: MethodRefusal
}

/** How the answers of a crowd were put together. */
export interface ConsensusChoice {
  readonly method: ConsensusMethod
  /** Of the method as it is written here: moves when the same answers may come to something else. */
  readonly version: number
  /** Rounds of its fit, and whether it came to rest. Absent for a majority that is not fitted, and has no probabilities. */
  readonly iterations?: number
  readonly converged?: boolean
  readonly logLikelihood?: number
  readonly trials: readonly MethodTrial[]
  readonly units: number
  readonly annotators: number
  readonly answers: number
}

/** A choice, and what it believes of units by their number. */
export interface CrowdConsensus {
  readonly choice: ConsensusChoice
  readonly beliefOf: (unit: number) => Belief
}

/** Moves when the same answers may come to something else. */
const CONSENSUS_VERSION = 1

/** Method and version in a word, for the lines of the register. */
const named = (method: ConsensusMethod): string => `${method}/${CONSENSUS_VERSION}`

export type CrowdRating = Rating & { readonly unit: number; readonly rater: number; readonly value: string }

/** Below these, annotators can't be told apart: with two, who of them errs is anybody's guess. */
export const LEAST_ANNOTATORS = 3
export const LEAST_SHARED_UNITS = 50

interface Candidate extends Fit {
  readonly flaw?: MethodRefusal
  readonly probability: (unit: number, answers: readonly Rating[]) => Readonly<Record<string, number>>
}

function fitCoin(rows: readonly Rating[], isAlike: boolean): Candidate {
  const coin = oneCoin(rows)
  // Whoever is not known to a model counts as an average annotator: here nobody is.
  const alike = { ...coin, raters: [], skill: new Float64Array() }
  const candidate = {
    iterations: coin.iterations,
    converged: coin.converged,
    logLikelihood: coin.logLikelihood,
    probability: (unit: number, answers: readonly Rating[]) =>
      (isAlike ? posteriorOf(alike, answers) : coin.of(unit)).probability,
  }
  // No better than a guess: right and wrong may have changed places.
  if (coin.pooledSkill <= 1 / coin.classes.length) return { ...candidate, flaw: 'labels-unclear' }
  return coin.converged ? candidate : { ...candidate, flaw: 'not-converged' }
}

function fitConfusion(rows: readonly Rating[]): Candidate {
  const { unclear, converged, iterations, logLikelihood, of } = dawidSkene(rows)
  const candidate = { iterations, converged, logLikelihood, probability: (unit: number) => of(unit).probability }
  if (unclear.length > 0) return { ...candidate, flaw: 'labels-unclear' }
  return converged ? candidate : { ...candidate, flaw: 'not-converged' }
}

const FITS: Readonly<Record<ConsensusMethod, (rows: readonly Rating[]) => Candidate>> = {
  majority: (rows) => fitCoin(rows, true),
  'one-coin': (rows) => fitCoin(rows, false),
  'dawid-skene': fitConfusion,
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Whether a method is worse than another by more than one standard error of the difference, unit by unit. */
function isWorse(method: readonly number[], than: readonly number[]): boolean {
  const differences = than.map((value, index) => value - (method[index] ?? 0))
  const average = mean(differences)
  const variance = mean(differences.map((difference) => (difference - average) ** 2))
  return average > Math.sqrt(variance / Math.max(1, differences.length - 1))
}

/**
 * Puts the answers of a crowd together by the method that best foretells answers that it has not seen; of those that do
 * so as well, to one standard error, by the simplest. Where there is too little data to know how good the crowd is, and
 * where no fit can be trusted, that is a majority without probabilities. The same for any order of the rows.
 *
 * Source of the rule of one standard error: L. Breiman, J. Friedman, R. Olshen, C. Stone, Classification and Regression
 * Trees, 1984, section 3.4.3.
 *
 * @param rows answers that count, one of each annotator for each unit
 */
export function chooseConsensus(rows: readonly CrowdRating[]): CrowdConsensus {
  const inOrder = rows.toSorted((a, b) => a.unit - b.unit || a.rater - b.rater)
  const byUnit = Map.groupBy(inOrder, ({ unit }) => unit)
  const units = [...byUnit.values()]
  const shared = units.filter(({ length }) => length > 1)
  const annotators = new Set(rows.map(({ rater }) => rater)).size
  const sizes = { units: units.length, annotators, answers: rows.length }
  const byShares = (trials: readonly MethodTrial[]): CrowdConsensus => ({
    choice: { method: 'majority', version: CONSENSUS_VERSION, trials, ...sizes },
    beliefOf: () => ({ method: named('majority') }),
  })
  const labels = new Set(rows.map(({ value }) => value)).size
  if (annotators < LEAST_ANNOTATORS || shared.length < LEAST_SHARED_UNITS || labels < 2)
    return byShares(CONSENSUS_METHODS.map((method) => ({ method, refused: 'too-little-data' })))

  const heldOut = heldOutLikelihoods(shared)
  const flawed = new Map<ConsensusMethod, MethodRefusal>()
  const trialsWith = (taken?: ConsensusMethod): readonly MethodTrial[] =>
    CONSENSUS_METHODS.map((method) => ({
      method,
      heldOut: mean(heldOut[method]),
      ...(method !== taken && { refused: flawed.get(method) ?? 'not-better' }),
    }))
  for (;;) {
    const left = CONSENSUS_METHODS.filter((method) => !flawed.has(method))
    const [first] = left
    if (first === undefined) return byShares(trialsWith())
    const best = left.reduce((a, b) => (mean(heldOut[b]) > mean(heldOut[a]) ? b : a), first)
    const method = left.find((one) => !isWorse(heldOut[one], heldOut[best])) ?? best
    const { flaw, probability, iterations, converged, logLikelihood } = FITS[method](rows)
    if (flaw !== undefined) {
      flawed.set(method, flaw)
      continue
    }
    const choice = { method, version: CONSENSUS_VERSION, iterations, converged, logLikelihood }
    return {
      choice: { ...choice, trials: trialsWith(method), ...sizes },
      beliefOf(unit) {
        const answers = byUnit.get(unit)
        return { method: named(method), ...(answers && { probability: probability(unit, answers) }) }
      },
    }
  }
}

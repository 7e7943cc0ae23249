import { dawidSkene, oneCoin, type Consensus, type Fit, type Rating } from '@groundtrace/statistics'
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
  /** Absent for the one that was taken. */
  readonly refused?: MethodRefusal
}

/** How the answers of a crowd were put together. */
export interface ConsensusChoice {
  readonly method: ConsensusMethod
  /** Rounds of its fit, and whether it came to rest. Absent for a majority, which is not fitted. */
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

export type CrowdRating = Rating & { readonly unit: number; readonly rater: number; readonly value: string }

/** Below these, annotators can't be told apart: with two, who of them errs is anybody's guess. */
export const LEAST_ANNOTATORS = 3
export const LEAST_SHARED_UNITS = 50

interface Candidate {
  readonly consensus: Consensus & Fit
  readonly flaw?: MethodRefusal
}

function fit(method: Exclude<ConsensusMethod, 'majority'>, rows: readonly Rating[]): Candidate {
  if (method === 'one-coin') {
    const consensus = oneCoin(rows)
    // No better than a guess: right and wrong may have changed places.
    if (consensus.pooledSkill <= 1 / consensus.classes.length) return { consensus, flaw: 'labels-unclear' }
    return consensus.converged ? { consensus } : { consensus, flaw: 'not-converged' }
  }
  const consensus = dawidSkene(rows)
  if (consensus.unclear.length > 0) return { consensus, flaw: 'labels-unclear' }
  return consensus.converged ? { consensus } : { consensus, flaw: 'not-converged' }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Whether a method is worse than another by more than one standard error of the difference, unit by unit. */
function isWorse(method: readonly number[], than: readonly number[]): boolean {
  const differences = than.map((value, index) => value - (method[index] ?? 0))
  const average = mean(differences)
  const variance = mean(differences.map((difference) => (difference - average) ** 2))
  return average > Math.sqrt(variance / Math.max(1, differences.length - 1))
}

/** Which one is taken of those that do as well: the simplest that has probabilities. */
const PREFERENCE = ['one-coin', 'dawid-skene', 'majority'] as const

/**
 * Puts the answers of a crowd together by the method that best foretells answers that it has not seen; of those that do
 * so as well, to one standard error, by the simplest that has probabilities. Where there is too little data to tell
 * annotators apart, and where no fit can be trusted, that is the majority, which has none. The same for any order of the
 * rows.
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
  const byMajority = (trials: readonly MethodTrial[]): CrowdConsensus => ({
    choice: { method: 'majority', trials, ...sizes },
    beliefOf: () => ({ method: 'majority' }),
  })
  const labels = new Set(rows.map(({ value }) => value)).size
  if (annotators < LEAST_ANNOTATORS || shared.length < LEAST_SHARED_UNITS || labels < 2) {
    const [, ...refused] = CONSENSUS_METHODS.map((method) => ({ method, refused: 'too-little-data' as const }))
    return byMajority([{ method: 'majority' }, ...refused])
  }

  const heldOut = heldOutLikelihoods(shared)
  const flawed = new Map<ConsensusMethod, MethodRefusal>()
  const trialsWith = (taken: ConsensusMethod): readonly MethodTrial[] =>
    CONSENSUS_METHODS.map((method) => ({
      ...{ method, heldOut: mean(heldOut[method]) },
      ...(method !== taken && { refused: flawed.get(method) ?? 'not-better' }),
    }))
  for (;;) {
    const left = PREFERENCE.filter((method) => !flawed.has(method))
    const best = left.reduce((a, b) => (mean(heldOut[b]) > mean(heldOut[a]) ? b : a))
    const method = left.find((one) => !isWorse(heldOut[one], heldOut[best])) ?? best
    if (method === 'majority') return byMajority(trialsWith(method))
    const { consensus, flaw } = fit(method, rows)
    if (flaw !== undefined) {
      flawed.set(method, flaw)
      continue
    }
    const { iterations, converged, logLikelihood } = consensus
    return {
      choice: { ...{ method, iterations, converged, logLikelihood }, trials: trialsWith(method), ...sizes },
      beliefOf: (unit) => (byUnit.has(unit) ? { method, probability: consensus.of(unit).probability } : { method }),
    }
  }
}

import {
  chooseConsensus,
  dawidSkene,
  mace,
  oneCoin,
  posteriorOf,
  type ConsensusChoice,
  type ConsensusMethod,
  type Fit,
  type MethodScore,
  type RatingKey,
} from '@groundtrace/statistics'
import type { Belief } from './crowd-verdict.ts'

/** Methods that have probabilities, from the simplest on. */
const MODELS = ['one-coin', 'mace', 'dawid-skene'] as const
type Model = (typeof MODELS)[number]

/**
 * Why a method was not taken although its forecasts were best.
 * - `not-converged`: its fit did not come to rest.
 * - `labels-unclear`: by its fit, annotators give some class other names as often: labels may have changed places.
 */
export type MethodFlaw = 'not-converged' | 'labels-unclear'

/** How the answers of a crowd were put together. */
export interface CrowdChoice {
  /** `majority`, where all annotators are taken to be alike, or a model in which each has ways of their own. */
  readonly method: ConsensusMethod
  /** Of the method as it is written here: moves when the same answers may come to something else. */
  readonly version: number
  /** What held-out answers say of it, or that there are too few. */
  readonly state: ConsensusChoice['state']
  /** Rounds of its fit, whether it came to rest, and its likelihood. Absent where nothing is known of annotators' skill. */
  readonly iterations?: number
  readonly converged?: boolean
  readonly logLikelihood?: number
  /** How well each method foretells answers that it did not see; empty with too little data. */
  readonly scores: readonly MethodScore[]
  /** Methods that could not be trusted. */
  readonly flawed: Readonly<Partial<Record<Model | 'majority', MethodFlaw>>>
  readonly units: number
  readonly annotators: number
  readonly answers: number
}

/** A choice, and what it believes of units by their number. */
export interface CrowdConsensus {
  readonly choice: CrowdChoice
  readonly beliefOf: (unit: number) => Belief
}

/** An answer that counts; one of each annotator for each unit. */
export interface CrowdRating {
  readonly unit: number
  readonly rater: number
  readonly value: string
}

type Probability = (unit: number, answers: readonly CrowdRating[]) => Readonly<Record<RatingKey, number>>

interface Candidate {
  readonly fit: Fit
  readonly flaw?: MethodFlaw
  readonly probability: Probability
}

function flawOf({ converged }: Fit, isUnclear: boolean): { readonly flaw?: MethodFlaw } {
  if (isUnclear) return { flaw: 'labels-unclear' }
  return converged ? {} : { flaw: 'not-converged' }
}

/** One skill for all: the label with the most votes, and how probable that makes it. */
function fitAlike(rows: readonly CrowdRating[]): Candidate {
  const fit = oneCoin(rows)
  // Whom a model does not know counts as an average annotator. Here nobody is known.
  const alike = { ...fit, raters: [], skill: new Float64Array() }
  const isUnclear = fit.pooledSkill <= 1 / fit.classes.length
  return { fit, ...flawOf(fit, isUnclear), probability: (_, answers) => posteriorOf(alike, answers).probability }
}

const FITS: Readonly<Record<Model, (rows: readonly CrowdRating[]) => Candidate>> = {
  'one-coin': (rows) => {
    const fit = oneCoin(rows)
    const isUnclear = fit.pooledSkill <= 1 / fit.classes.length
    return { fit, ...flawOf(fit, isUnclear), probability: (unit) => fit.of(unit).probability }
  },
  mace: (rows) => {
    const fit = mace(rows)
    const size = fit.classes.length
    const isUnclear = fit.classes.some((_, truth) => {
      const row = fit.pooledConfusion.subarray(truth * size, (truth + 1) * size)
      return row.some((share, answer) => answer !== truth && share >= (row[truth] ?? 0))
    })
    return { fit, ...flawOf(fit, isUnclear), probability: (unit) => fit.of(unit).probability }
  },
  'dawid-skene': (rows) => {
    const fit = dawidSkene(rows)
    return { fit, ...flawOf(fit, fit.unclear.length > 0), probability: (unit) => fit.of(unit).probability }
  },
}

const isModel = (method: ConsensusMethod): method is Model => MODELS.some((model) => model === method)

/** Moves when the same answers may come to something else. */
const CONSENSUS_VERSION = 1

/** Below this, annotators can't be told apart: of two who disagree, either may err. */
const LEAST_ANNOTATORS = 3

/** With more answers than this, methods are compared on a part of the units: they are fitted many times for it. */
const MOST_COMPARED = 20_000

/** The answers of every n-th unit, so that no more than can be compared are left. */
function compared(byUnit: ReadonlyMap<number, readonly CrowdRating[]>, answers: number): readonly CrowdRating[] {
  const step = Math.ceil(answers / MOST_COMPARED)
  const units = [...byUnit].toSorted(([a], [b]) => a - b)
  return units.filter((_, index) => index % step === 0).flatMap(([, own]) => own)
}

/**
 * Puts the answers of a crowd together by the method that best foretells answers that it has not seen, by
 * `chooseConsensus` of statistics. Methods whose fit can't be trusted are left out. Where there is too little data to know
 * how good the crowd is, that is a majority without probabilities. The same for any order of the rows.
 */
export function crowdConsensus(rows: readonly CrowdRating[]): CrowdConsensus {
  const byUnit = Map.groupBy(rows, ({ unit }) => unit)
  const annotators = new Set(rows.map(({ rater }) => rater)).size
  const sizes = { units: byUnit.size, annotators, answers: rows.length }
  const flawed: Partial<Record<Model | 'majority', MethodFlaw>> = {}

  function choiceOf(method: ConsensusMethod, state: CrowdChoice['state'], more: Partial<CrowdChoice>): CrowdChoice {
    return { method, version: CONSENSUS_VERSION, state, scores: [], flawed, ...more, ...sizes }
  }
  /** Votes alone, whose shares say nothing of how probable a label is. */
  function byVotes(state: CrowdChoice['state'], scores: readonly MethodScore[]): CrowdConsensus {
    const choice = choiceOf('majority', state, { scores })
    return { choice, beliefOf: () => ({ method: `majority/${CONSENSUS_VERSION}` }) }
  }

  const sample = compared(byUnit, rows.length)
  const labels = new Set(rows.map(({ value }) => value)).size
  if (annotators < LEAST_ANNOTATORS || labels < 2) return byVotes('too-little-data', [])
  for (;;) {
    const methods = MODELS.filter((model) => flawed[model] === undefined)
    const { method, state, scores } = chooseConsensus(sample, { methods })
    if (state === 'too-little-data') return byVotes(state, scores)
    const { fit, flaw, probability } = isModel(method) ? FITS[method](rows) : fitAlike(rows)
    if (flaw === undefined) {
      const { iterations, converged, logLikelihood } = fit
      return {
        choice: choiceOf(method, state, { iterations, converged, logLikelihood, scores }),
        beliefOf(unit) {
          const answers = byUnit.get(unit)
          const belief = { method: `${method}/${CONSENSUS_VERSION}` }
          return answers === undefined ? belief : { ...belief, probability: probability(unit, answers) }
        },
      }
    }
    if (!isModel(method)) {
      flawed.majority = flaw
      return byVotes(state, scores)
    }
    flawed[method] = flaw
  }
}

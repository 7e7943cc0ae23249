import type { Interval, LevelOption } from '../estimate.ts'
import { parseLevel, parseList, parseOptions, parseWhole } from '../parse.ts'
import type { RatingsInput } from '../ratings.ts'
import { normalDeviate } from '../wilson-interval.ts'
import { answersFrom } from './answers.ts'
import type { Consensus } from './consensus.ts'
import { fitsInMemory } from './confusion-model.ts'
import { CONSENSUS_METHODS, consensusBy, type ConsensusMethod, NEED_MATRICES } from './consensus-method.ts'
import { foldsOf, type HeldOutOptions, meanOverUnits, parseHeldOut, parseMethod, unitScores } from './held-out.ts'

export interface ChoiceOptions extends HeldOutOptions, LevelOption {
  /** Methods to choose among, besides the majority vote; all by default. */
  readonly methods?: Iterable<ConsensusMethod> | undefined
  /** With fewer answers held out nothing is compared; 200 by default. */
  readonly least?: number | undefined
}

export interface MethodScore {
  readonly method: ConsensusMethod
  /** Mean ln P in nats per held-out answer; see `heldOutLogLikelihood`. */
  readonly logLikelihood: number
  /** How much more than that of the majority vote, on the same answers. */
  readonly gain: number
  readonly interval: Interval
}

export interface ConsensusChoice {
  readonly method: ConsensusMethod
  /**
   * `chosen`: the method foretells answers better than every simpler one, by more than chance would; for the majority vote:
   * it is the best, and by more than chance. `undecided`: none is shown to be better than the majority vote, which is
   * taken. `too-little-data`: nothing was compared, and the majority vote is taken.
   */
  readonly state: 'chosen' | 'undecided' | 'too-little-data'
  /** From the simplest method on; empty with too little data. */
  readonly scores: readonly MethodScore[]
  /** Answers held out. */
  readonly answers: number
  /** The consensus of the method, from all answers. */
  readonly consensus: Consensus
}

/**
 * The consensus method that these answers speak for: of majority vote, Wawa, one coin, MACE and Dawid–Skene the simplest
 * that no other, scored on the same held-out answers, is shown to beat. Intervals are over units.
 *
 * Methods whose matrices are too large, see `dawidSkene`, are left out.
 *
 * Fits every method once per fold: about ten seconds for 100,000 units of five answers.
 *
 * @throws StatisticsError `invalid-argument`
 */
export function chooseConsensus(ratings: RatingsInput, options?: ChoiceOptions): ConsensusChoice {
  const given = parseOptions(options)
  const deviate = normalDeviate(parseLevel(given.level))
  const least = parseWhole(given.least ?? 200, 'least', 2)
  const wanted = new Set(parseList(given.methods ?? CONSENSUS_METHODS, 'methods').map(parseMethod))
  const { folds, random } = parseHeldOut(given)
  const answers = answersFrom(ratings)
  const foldOf = foldsOf(answers, folds, random)
  const heldOut = foldOf.filter((fold) => fold !== -1).length
  if (heldOut < least) {
    const consensus = consensusBy('majority', answers)
    return { method: 'majority', state: 'too-little-data', scores: [], answers: heldOut, consensus }
  }
  const score = (method: ConsensusMethod) => ({ method, ...unitScores(method, answers, foldOf, folds) })
  const gainOf = (a: ReturnType<typeof score>, b: ReturnType<typeof score>) => {
    const differences = a.logLikelihoods.map((value, unit) => value - (b.logLikelihoods[unit] ?? 0))
    const { logLikelihood = 0, standardError = Infinity } = meanOverUnits(differences, a.counts)
    const interval: Interval = [logLikelihood - deviate * standardError, logLikelihood + deviate * standardError]
    return { gain: logLikelihood, interval }
  }
  const majority = score('majority')
  const feasible = (method: ConsensusMethod) => fitsInMemory(answers) || !NEED_MATRICES.includes(method)
  const richer = CONSENSUS_METHODS.filter(
    (method) => method !== 'majority' && wanted.has(method) && feasible(method),
  ).map(score)
  let best = majority
  for (const candidate of richer) if (gainOf(candidate, best).interval[0] > 0) best = candidate
  const scores = [majority, ...richer].map((one): MethodScore => {
    const { logLikelihood = 0 } = meanOverUnits(one.logLikelihoods, one.counts)
    return { method: one.method, logLikelihood, ...gainOf(one, majority) }
  })
  const worse = scores.filter(({ method }) => method !== 'majority').every(({ interval }) => interval[1] < 0)
  return {
    method: best.method,
    state: best !== majority || worse ? 'chosen' : 'undecided',
    scores,
    answers: heldOut,
    consensus: consensusBy(best.method, answers),
  }
}

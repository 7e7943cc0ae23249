import { parseRandom } from '../parse-random.ts'
import { invalid, parseOptions, parseWhole } from '../parse.ts'
import type { RatingsInput } from '../ratings.ts'
import { type Answers, answersFrom } from './answers.ts'
import { CONSENSUS_METHODS, type ConsensusMethod, forecastBy } from './consensus-method.ts'

export interface HeldOutOptions {
  /** In how many parts answers are held out; 5 by default, at least 2. */
  readonly folds?: number | undefined
  /** Numbers in [0, 1) that deal the answers out; seeded by default, so that the same answers are held out every time. */
  readonly random?: (() => number) | undefined
}

/** How well the answers that a method did not see agree with what it made of the others. */
export interface HeldOutScore {
  /** Mean ln P(answer) in nats per held-out answer: nearer 0 is better. `undefined` where no unit has two answers. */
  readonly logLikelihood: number | undefined
  /** Of it, over units; `undefined` with fewer than two. */
  readonly standardError: number | undefined
  /** Answers held out: all of units that have two or more. */
  readonly answers: number
}

/** Per unit: sum of ln P over its held-out answers, and their number. */
export interface UnitScores {
  readonly logLikelihoods: Float64Array
  readonly counts: Float64Array
}

/** Nothing is forecast to be less probable, so that one surprise does not outweigh everything else. */
const LEAST = 1e-6

/** Per answer: its fold. Answers of one unit go to different folds as far as there are any; −1 for an only answer. */
export function foldsOf({ units, starts, classCodes }: Answers, folds: number, random: () => number): Int32Array {
  const foldOf = new Int32Array(classCodes.length).fill(-1)
  for (let unit = 0; unit < units.length; unit += 1) {
    const start = starts[unit] ?? 0
    const size = (starts[unit + 1] ?? 0) - start
    if (size < 2) continue
    const order = Array.from({ length: size }, (_, index) => index)
    const first = Math.floor(random() * folds)
    for (let left = size; left > 0; left -= 1) {
      const [index = 0] = order.splice(Math.floor(random() * left), 1)
      foldOf[start + index] = (first + left) % folds
    }
  }
  return foldOf
}

/** The answers that are not of this fold. */
function without(answers: Answers, foldOf: Int32Array, fold: number): Answers {
  const kept = foldOf.map((own, place) => (own === fold ? -1 : place)).filter((place) => place !== -1)
  const starts = new Int32Array(answers.starts.length)
  for (let unit = 0, place = 0; unit < answers.units.length; unit += 1) {
    while (place < kept.length && (kept[place] ?? 0) < (answers.starts[unit + 1] ?? 0)) place += 1
    starts[unit + 1] = place
  }
  return {
    ...answers,
    starts,
    raterCodes: kept.map((place) => answers.raterCodes[place] ?? 0),
    classCodes: kept.map((place) => answers.classCodes[place] ?? 0),
  }
}

/** Scores of one method on the folds. */
export function unitScores(method: ConsensusMethod, answers: Answers, foldOf: Int32Array, folds: number): UnitScores {
  const { units, classes, starts, raterCodes, classCodes } = answers
  const logLikelihoods = new Float64Array(units.length)
  const counts = new Float64Array(units.length)
  for (let fold = 0; fold < folds; fold += 1) {
    if (!foldOf.includes(fold)) continue
    const { posterior, answer } = forecastBy(method, without(answers, foldOf, fold))
    for (let unit = 0; unit < units.length; unit += 1) {
      for (let place = starts[unit] ?? 0; place < (starts[unit + 1] ?? 0); place += 1) {
        if (foldOf[place] !== fold) continue
        let probability = 0
        for (let truth = 0; truth < classes.length; truth += 1) {
          const share = posterior[unit * classes.length + truth] ?? 0
          probability += share * answer(raterCodes[place] ?? 0, truth, classCodes[place] ?? 0)
        }
        logLikelihoods[unit] = (logLikelihoods[unit] ?? 0) + Math.log(Math.max(LEAST, probability))
        counts[unit] = (counts[unit] ?? 0) + 1
      }
    }
  }
  return { logLikelihoods, counts }
}

/** Mean per answer, and its standard error as a ratio over units. */
export function meanOverUnits(sums: Float64Array, counts: Float64Array): HeldOutScore {
  const answers = counts.reduce((a, b) => a + b, 0)
  const units = counts.filter((count) => count > 0).length
  if (answers === 0) return { logLikelihood: undefined, standardError: undefined, answers }
  const mean = sums.reduce((a, b) => a + b, 0) / answers
  const squares = sums.reduce((total, value, unit) => total + (value - mean * (counts[unit] ?? 0)) ** 2, 0)
  const standardError = units < 2 ? undefined : Math.sqrt((squares * units) / (units - 1)) / answers
  return { logLikelihood: mean, standardError, answers }
}

export function parseHeldOut(options: HeldOutOptions | undefined): { folds: number; random: () => number } {
  const { folds = 5, random } = parseOptions(options)
  return { folds: parseWhole(folds, 'folds', 2), random: parseRandom(random, 'held-out answers') }
}

export function parseMethod(method: ConsensusMethod): ConsensusMethod {
  if (CONSENSUS_METHODS.includes(method)) return method
  throw invalid('method', method, `Pass one of ${CONSENSUS_METHODS.join(', ')}`)
}

/**
 * How well does a consensus method foretell answers that it did not see? Every answer of a unit with two or more is held
 * out once; the method, at its default smoothing, is fitted to the rest, and the answer scored by its probability: over the classes,
 * the method's probability of the truth times that of the answer, given the truth and the rater. Needs no truth.
 *
 * Models have such probabilities. For votes they are added: an answer follows the weighted votes of the others with one
 * probability, and is any other class with the rest; for `agreement-weighted` each rater has their own, for `majority` all
 * have the same; both are the likeliest ones for the answers that were not held out. Probabilities below 1e-6 count as
 * 1e-6.
 *
 * @throws StatisticsError `invalid-argument`
 */
export function heldOutLogLikelihood(
  method: ConsensusMethod,
  ratings: RatingsInput,
  options?: HeldOutOptions,
): HeldOutScore {
  parseMethod(method)
  const { folds, random } = parseHeldOut(options)
  const answers = answersFrom(ratings)
  const scores = unitScores(method, answers, foldsOf(answers, folds, random), folds)
  return meanOverUnits(scores.logLikelihoods, scores.counts)
}

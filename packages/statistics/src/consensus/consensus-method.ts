import type { Answers } from './answers.ts'
import { agreementWithLeaders } from './agreement-weighted.ts'
import { type AnswerModel, answerProbability } from './answer-model.ts'
import { type Consensus, consensusOf } from './consensus.ts'
import { fitDawidSkene } from './dawid-skene.ts'
import type { FitOptions } from './expectation-maximisation.ts'
import { fitMace } from './mace.ts'
import { voteCounts, voteShares } from './majority-vote.ts'
import { fitOneCoin } from './one-coin.ts'

/** Ways to a consensus from answers alone, from the simplest on. */
export const CONSENSUS_METHODS = ['majority', 'agreement-weighted', 'one-coin', 'mace', 'dawid-skene'] as const

export type ConsensusMethod = (typeof CONSENSUS_METHODS)[number]

/** Those that hold a confusion matrix of every rater. */
export const NEED_MATRICES: readonly ConsensusMethod[] = ['mace', 'dawid-skene']

/** What a method, knowing some answers, expects of others. */
export interface Forecast {
  /** Units × classes. */
  readonly posterior: Float64Array
  /** P(answer | truth) of a rater, by codes. */
  readonly answer: (rater: number, truth: number, answer: number) => number
}

const FITS: Readonly<Record<ConsensusMethod, (answers: Answers, options: FitOptions | undefined) => Consensus>> = {
  majority: (answers) => consensusOf(answers.classes, answers.units, voteShares(answers)),
  'agreement-weighted': (answers) => {
    const shares = voteShares(answers, agreementWithLeaders(answers, voteShares(answers)))
    return consensusOf(answers.classes, answers.units, shares)
  },
  'one-coin': fitOneCoin,
  mace: fitMace,
  'dawid-skene': fitDawidSkene,
}

/** The consensus of a method, by default at its defaults. */
export function consensusBy(method: ConsensusMethod, answers: Answers, options?: FitOptions): Consensus {
  return FITS[method](answers, options)
}

/** Answers that a rater is taken to have given beforehand, as often right as all raters. */
const SMOOTHING = 4
const ROUNDS = 20

/** A forecast is compared with others by hundredths of a nat, which finer fits do not change. */
const COARSE: FitOptions = { tolerance: 1e-4 }

/**
 * Votes say nothing of how often raters are right, so this says it for them: the probability s under which each answer
 * is likeliest, given the shares w of the unit's other votes, when it follows them with s and else is any other class. Per
 * rater, or for all together.
 */
function followingShare(answers: Answers, weights: Float64Array, perRater: boolean): Float64Array {
  const { units, raters, classes, starts, raterCodes, classCodes } = answers
  const counts = voteCounts(answers, weights)
  const otherClasses = Math.max(1, classes.length - 1)
  const group = (rater: number) => (perRater ? rater : 0)
  const groups = perRater ? raters.length : 1
  let skill = new Float64Array(groups).fill(0.5)
  for (let round = 0; round < ROUNDS; round += 1) {
    const followed = new Float64Array(groups)
    const given = new Float64Array(groups)
    for (let unit = 0; unit < units.length; unit += 1) {
      const row = unit * classes.length
      let total = 0
      for (let cell = row; cell < row + classes.length; cell += 1) total += counts[cell] ?? 0
      for (let place = starts[unit] ?? 0; place < (starts[unit + 1] ?? 0); place += 1) {
        const rater = raterCodes[place] ?? 0
        const own = weights[rater] ?? 0
        if (total - own < 1e-9) continue
        const share = Math.max(0, (counts[row + (classCodes[place] ?? 0)] ?? 0) - own) / (total - own)
        const s = skill[group(rater)] ?? 0
        const follows = share * s
        const strays = ((1 - share) * (1 - s)) / otherClasses
        given[group(rater)] = (given[group(rater)] ?? 0) + 1
        if (follows > 0) followed[group(rater)] = (followed[group(rater)] ?? 0) + follows / (follows + strays)
      }
    }
    const all = given.reduce((a, b) => a + b, 0)
    const pooled = all === 0 ? 0.5 : followed.reduce((a, b) => a + b, 0) / all
    skill = followed.map((count, index) => (count + SMOOTHING * pooled) / ((given[index] ?? 0) + SMOOTHING))
  }
  return skill
}

function forecastByVotes(answers: Answers, weights: Float64Array, perRater: boolean): Forecast {
  const skill = followingShare(answers, weights, perRater)
  const otherClasses = Math.max(1, answers.classes.length - 1)
  return {
    posterior: voteShares(answers, weights),
    answer(rater, truth, answer) {
      const own = skill[perRater ? rater : 0] ?? 0
      return truth === answer ? own : (1 - own) / otherClasses
    },
  }
}

/** What a method expects after these answers. Every unit must have one. */
export function forecastBy(method: ConsensusMethod, answers: Answers): Forecast {
  if (method === 'majority') return forecastByVotes(answers, new Float64Array(answers.raters.length).fill(1), false)
  if (method === 'agreement-weighted') {
    return forecastByVotes(answers, agreementWithLeaders(answers, voteShares(answers)), true)
  }
  const model = consensusBy(method, answers, COARSE) as Consensus & AnswerModel
  return {
    posterior: model.posterior,
    answer: (rater, truth, answer) => answerProbability(model, rater, truth, answer),
  }
}

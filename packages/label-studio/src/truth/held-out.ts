import { dawidSkene, oneCoin, type Rating, type RatingKey } from '@groundtrace/statistics'

/**
 * How the answers of several annotators can be put together, from the simplest to the most detailed.
 * - `majority`: all annotators are alike.
 * - `one-coin`: each is right with a probability of their own.
 * - `dawid-skene`: each has a confusion matrix of their own.
 */
export const CONSENSUS_METHODS = ['majority', 'one-coin', 'dawid-skene'] as const
export type ConsensusMethod = (typeof CONSENSUS_METHODS)[number]

/** P(answer | truth) by an annotator; `answer` and `truth` are indexes of classes. */
interface AnswerModel {
  readonly classes: readonly RatingKey[]
  readonly prior: Float64Array
  readonly likelihood: (rater: RatingKey, truth: number, answer: number) => number
}

/** Fits every method to some answers. Annotators who are not among them are taken for average ones. */
function fitted(rows: readonly Rating[]): Readonly<Record<ConsensusMethod, AnswerModel>> {
  const coin = oneCoin(rows)
  const others = Math.max(1, coin.classes.length - 1)
  const skills = new Map(coin.raters.map((rater, index) => [rater, coin.skill[index] ?? 0]))
  const flip = (skill: number, truth: number, answer: number) => (truth === answer ? skill : (1 - skill) / others)

  const confused = dawidSkene(rows)
  const size = confused.classes.length
  const places = new Map(confused.raters.map((rater, index) => [rater, index]))
  return {
    majority: { ...coin, likelihood: (_, truth, answer) => flip(coin.pooledSkill, truth, answer) },
    'one-coin': {
      ...coin,
      likelihood: (rater, truth, answer) => flip(skills.get(rater) ?? coin.pooledSkill, truth, answer),
    },
    'dawid-skene': {
      ...confused,
      likelihood(rater, truth, answer) {
        const place = places.get(rater)
        const cell = truth * size + answer
        return (
          (place === undefined ? confused.pooledConfusion[cell] : confused.confusion[place * size ** 2 + cell]) ?? 0
        )
      },
    },
  }
}

/** Least probability of an answer: what was never seen in some answers may be seen in others. */
const RARE = 1e-6

/** ln P(answers of a unit), with its truth summed out. */
function logLikelihood({ classes, prior, likelihood }: AnswerModel, answers: readonly Rating[]): number {
  const places = new Map(classes.map((name, index) => [name, index]))
  const joint = Array.from(prior, (share, truth) =>
    answers.reduce(
      (sum, { rater, value }) => {
        const answer = places.get(value)
        return sum + Math.log(Math.max(RARE, answer === undefined ? 0 : likelihood(rater, truth, answer)))
      },
      Math.log(Math.max(RARE, share)),
    ),
  )
  const greatest = Math.max(...joint)
  return greatest + Math.log(joint.reduce((sum, value) => sum + Math.exp(value - greatest), 0))
}

const FOLDS = 5

/** Above so many answers one fold in five is enough. */
const MANY_ANSWERS = 20_000

/**
 * How well each method foretells answers that it has not seen: per unit, the logarithm of the probability of its answers
 * together, by a fit of the others. Units go to folds in turn, in the order given.
 * @param units the answers of each unit
 */
export function heldOutLikelihoods(
  units: readonly (readonly Rating[])[],
): Readonly<Record<ConsensusMethod, readonly number[]>> {
  const answers = units.reduce((sum, rows) => sum + rows.length, 0)
  const sums: Record<ConsensusMethod, number[]> = { majority: [], 'one-coin': [], 'dawid-skene': [] }
  for (let fold = 0; fold < (answers > MANY_ANSWERS ? 1 : FOLDS); fold += 1) {
    const isHeldOut = (index: number): boolean => index % FOLDS === fold
    const models = fitted(units.filter((_, index) => !isHeldOut(index)).flat())
    for (const rows of units.filter((_, index) => isHeldOut(index))) {
      for (const method of CONSENSUS_METHODS) sums[method].push(logLikelihood(models[method], rows))
    }
  }
  return sums
}

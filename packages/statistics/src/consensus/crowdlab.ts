import { parseRatings, type RatingKey, type RatingsInput } from '../ratings.ts'
import { StatisticsError } from '../statistics-error.ts'
import { type Answers, answersFrom } from './answers.ts'
import { type Consensus, consensusOf, leadersAt } from './consensus.ts'
import { brokenTies } from './crowdlab-ties.ts'
import { voteCounts } from './majority-vote.ts'
import { type ModelProbabilities, parseModelProbabilities } from './model-probabilities.ts'

/** A consensus of raters and a model. */
export interface Crowdlab extends Consensus {
  readonly raters: readonly RatingKey[]
  /** Weight of each rater: 1 for one who always agrees with the others, next to 0 for no better than the commonest class. */
  readonly skill: Float64Array
  /** Weight of the model, on the same scale, times the root of the mean number of answers per unit. */
  readonly modelWeight: number
}

/** Least weight, and least error of always naming the commonest class. */
const FLOOR = 1e-6

/** Per rater: how often others of the same unit agree, per pair of answers; the mean of raters where none shared a unit. */
function agreementWithOthers(
  { units, raters, starts, raterCodes, classCodes, classes }: Answers,
  counts: Float64Array,
): Float64Array {
  const agreed = new Float64Array(raters.length)
  const pairs = new Float64Array(raters.length)
  for (let unit = 0; unit < units.length; unit += 1) {
    const start = starts[unit] ?? 0
    const end = starts[unit + 1] ?? 0
    for (let place = start; place < end; place += 1) {
      const rater = raterCodes[place] ?? 0
      const same = counts[unit * classes.length + (classCodes[place] ?? 0)] ?? 0
      agreed[rater] = (agreed[rater] ?? 0) + same - 1
      pairs[rater] = (pairs[rater] ?? 0) + end - start - 1
    }
  }
  const shares = agreed.map((count, rater) => count / (pairs[rater] ?? 0))
  const known = shares.filter((share) => !Number.isNaN(share))
  const mean = known.reduce((a, b) => a + b, 0) / known.length
  return shares.map((share) => (Number.isNaN(share) ? mean : share))
}

/** What CROWDLAB weighs, given a label for each unit. Only units of several answers tell how well anybody does. */
function weights(answers: Answers, counts: Float64Array, labels: Int32Array, modelLabels: Int32Array) {
  const { units, starts, classes } = answers
  const shown = new Float64Array(classes.length)
  let shared = 0
  let agreement = 0
  let modelErrors = 0
  for (let unit = 0; unit < units.length; unit += 1) {
    const size = (starts[unit + 1] ?? 0) - (starts[unit] ?? 0)
    if (size === 1) continue
    const label = labels[unit] ?? 0
    shared += 1
    shown[label] = (shown[label] ?? 0) + 1
    agreement += (counts[unit * classes.length + label] ?? 0) / size
    if (modelLabels[unit] !== label) modelErrors += 1
  }
  const commonest = shown.reduce((a, b) => Math.max(a, b), 0)
  const baseError = Math.max(FLOOR, 1 - commonest / shared)
  return {
    consensusLikelihood: agreement / shared,
    baseError,
    modelWeight:
      Math.max(FLOOR, 1 - modelErrors / shared / baseError) * Math.sqrt(answers.classCodes.length / units.length),
  }
}

/**
 * CROWDLAB: a weighted average of what a model says of a unit and of what each of its raters says, with weights from how
 * well the model agrees with the consensus and raters agree with each other, each compared with always naming the
 * commonest class. The model's probabilities must be out of sample: a model that was trained on these labels agrees with
 * them too well.
 *
 * A first consensus is the majority; ties go to the class that the model gives more, then to the rarer one, then to the
 * one whose raters agree more with the consensus elsewhere, then to the first. The label is the most probable class by
 * the weights that the majority gives (the majority's, where that is tied); `posterior` then is of the weights that these
 * labels give. `tied` is about the former.
 *
 * Source: H. W. Goh, U. Tkachenko, J. Mueller, "CROWDLAB: Supervised learning to infer consensus labels and quality scores
 * for data with multiple annotators", 2022, arXiv:2210.06812; details as in cleanlab 2.9.
 *
 * @param predictions per unit an object of class and probability; a class that is left out has 0; further units are ignored
 * @throws StatisticsError `invalid-argument`, `duplicate-rating`, `unknown-unit` (of a rated unit without prediction),
 *   `no-data` where no unit has two answers
 */
export function crowdlab(ratings: RatingsInput, predictions: ModelProbabilities): Crowdlab {
  const parsed = answersFrom(parseRatings(ratings))
  const { classes, probabilities } = parseModelProbabilities(predictions, parsed.units, parsed.classes)
  if (parsed.classCodes.length === parsed.units.length) {
    throw new StatisticsError(
      'no-data',
      'No unit has answers of two raters, so nothing tells how reliable anybody is',
      'Ask for a second answer for some units, or use majorityVote',
    )
  }
  const codeOf = new Map(classes.map((name, code) => [name, code]))
  const places = Int32Array.from(parsed.classes, (name) => codeOf.get(name) ?? 0)
  const answers = { ...parsed, classes, classCodes: parsed.classCodes.map((code) => places[code] ?? 0) }

  const counts = voteCounts(answers)
  const agreement = agreementWithOthers(answers, counts)
  const modelLabels = leaders(probabilities, classes.length)
  const majority = brokenTies(answers, counts, probabilities)
  const posterior = new Float64Array(probabilities.length)

  const average = (labels: Int32Array) => {
    const { consensusLikelihood, baseError, modelWeight } = weights(answers, counts, labels, modelLabels)
    const skill = agreement.map((share) => Math.max(FLOOR, 1 - (1 - share) / baseError))
    const otherwise = classes.length === 1 ? 0 : (1 - consensusLikelihood) / (classes.length - 1)
    for (let unit = 0; unit < answers.units.length; unit += 1) {
      const row = unit * classes.length
      const end = answers.starts[unit + 1] ?? 0
      let total = 0
      for (let place = answers.starts[unit] ?? 0; place < end; place += 1) {
        total += skill[answers.raterCodes[place] ?? 0] ?? 0
      }
      for (let cell = row; cell < row + classes.length; cell += 1) {
        posterior[cell] = (probabilities[cell] ?? 0) * modelWeight + total * otherwise
      }
      for (let place = answers.starts[unit] ?? 0; place < end; place += 1) {
        const cell = row + (answers.classCodes[place] ?? 0)
        const weight = skill[answers.raterCodes[place] ?? 0] ?? 0
        posterior[cell] = (posterior[cell] ?? 0) + weight * (consensusLikelihood - otherwise)
      }
      for (let cell = row; cell < row + classes.length; cell += 1) {
        posterior[cell] = (posterior[cell] ?? 0) / (total + modelWeight)
      }
    }
    return { skill, modelWeight }
  }
  average(majority)
  const first = posterior.slice()
  const labels = majority.map((label, unit) => {
    const tied = leadersAt(first, unit * classes.length, classes.length)
    return tied.length === 1 ? (tied[0] ?? 0) : label
  })
  const last = average(labels)
  const consensus = consensusOf(classes, answers.units, posterior, (unit) => {
    const label = labels[unit] ?? 0
    const tied = leadersAt(first, unit * classes.length, classes.length)
    return tied.length === 1 ? tied : [label, ...tied.filter((code) => code !== label)]
  })
  return { ...consensus, raters: answers.raters, ...last }
}

function leaders(values: Float64Array, classCount: number): Int32Array {
  const codes = new Int32Array(values.length / classCount)
  for (let unit = 0; unit < codes.length; unit += 1) {
    for (let code = 1; code < classCount; code += 1) {
      const row = unit * classCount
      if ((values[row + code] ?? 0) > (values[row + (codes[unit] ?? 0)] ?? 0)) codes[unit] = code
    }
  }
  return codes
}

import { invalid, parseList } from '../parse.ts'
import { isKey, type RatingKey } from '../ratings.ts'
import { StatisticsError } from '../statistics-error.ts'
import { type ConsensusLabel, consensusLabel, leadersAt } from './consensus.ts'

interface RaterModel {
  readonly classes: readonly RatingKey[]
  readonly raters: readonly RatingKey[]
  readonly prior: Float64Array
}

/**
 * What a fit knows of raters: the part of a `dawidSkene`, `mace` or `oneCoin` that new answers are judged by. Keep it to
 * judge them without the old ones.
 */
export type AnswerModel =
  | (RaterModel & { readonly confusion: Float64Array; readonly pooledConfusion: Float64Array })
  | (RaterModel & { readonly skill: Float64Array; readonly pooledSkill: number })

/** One answer for a unit that is known from elsewhere. */
export interface UnitAnswer {
  readonly rater: RatingKey
  readonly value: RatingKey
}

/** No answer is less probable than this, so that what a fit has not seen yet is no proof of anything. */
const LEAST = 1e-10

/** P(answer | truth) by codes; a rater of −1 is one that the model does not know, and is taken for an average one. */
export function answerProbability(model: AnswerModel, rater: number, truth: number, answer: number): number {
  const classCount = model.classes.length
  let probability: number | undefined
  if ('confusion' in model) {
    const cell = truth * classCount + answer
    probability = rater === -1 ? model.pooledConfusion[cell] : model.confusion[rater * classCount ** 2 + cell]
  } else {
    const skill = (rater === -1 ? model.pooledSkill : model.skill[rater]) ?? 0
    probability = truth === answer ? skill : (1 - skill) / (classCount - 1)
  }
  return Math.max(LEAST, probability ?? 0)
}

/** Turns logarithms, known but for one constant, into probabilities, in place. */
export function normalise(logarithms: Float64Array): Float64Array {
  const greatest = logarithms.reduce((a, b) => Math.max(a, b), -Infinity)
  let total = 0
  for (let code = 0; code < logarithms.length; code += 1) {
    logarithms[code] = Math.exp((logarithms[code] ?? 0) - greatest)
    total += logarithms[code] ?? 0
  }
  for (let code = 0; code < logarithms.length; code += 1) logarithms[code] = (logarithms[code] ?? 0) / total
  return logarithms
}

/** @throws StatisticsError `invalid-argument` */
export function parseAnswerModel(model: AnswerModel): AnswerModel {
  const fitted =
    typeof model === 'object' &&
    model !== null &&
    model.prior instanceof Float64Array &&
    (('confusion' in model && 'pooledConfusion' in model) || ('skill' in model && 'pooledSkill' in model))
  if (!fitted) throw invalid('The model', model, 'Pass what dawidSkene, mace or oneCoin returned')
  if (model.classes.length === 0) {
    throw new StatisticsError('no-data', 'The model was fitted to no answers', 'Fit it to some first')
  }
  return model
}

/**
 * What a few answers say of a unit by a model that was fitted before: Bayes' theorem with the model's prior. For stopping
 * as soon as a unit is settled, and for answers that come after the fit.
 *
 * A rater whom the model does not know counts as an average one. No answer is held less probable than 1e-10. Without any
 * answer the prior comes back. Answers of copying raters are taken for independent, as in the fit.
 *
 * @param answers one entry per answer
 * @throws StatisticsError `invalid-argument`, `no-data` for a model of nothing, `unknown-class` for an answer that nobody
 *   gave when the model was fitted
 */
export function posteriorOf(model: AnswerModel, answers: Iterable<UnitAnswer>): ConsensusLabel {
  const { classes, raters, prior } = parseAnswerModel(model)
  const logarithms = prior.map((share) => Math.log(Math.max(LEAST, share)))
  for (const [index, answer] of parseList(answers, 'answers').entries()) {
    if (typeof answer !== 'object' || answer === null) {
      throw invalid(`answers[${index}]`, answer, 'Pass objects with rater and value')
    }
    const { value } = answer
    if (!isKey(value)) throw invalid(`answers[${index}].value`, value, 'Pass a text or a finite number')
    const code = classes.indexOf(value)
    if (code === -1) {
      throw new StatisticsError(
        'unknown-class',
        `answers[${index}].value is ${JSON.stringify(value)}, which is no class of the model`,
        'Fit the model to answers that have it, or leave this answer out',
      )
    }
    const rater = raters.indexOf(answer.rater)
    for (let truth = 0; truth < classes.length; truth += 1) {
      logarithms[truth] = (logarithms[truth] ?? 0) + Math.log(answerProbability(model, rater, truth, code))
    }
  }
  const probabilities = normalise(logarithms)
  return consensusLabel(classes, leadersAt(probabilities, 0, classes.length), probabilities, 0)
}

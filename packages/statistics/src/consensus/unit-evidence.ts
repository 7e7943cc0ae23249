import { invalid, parseOptions, parseWhole } from '../parse.ts'
import type { RatingKey, RatingsInput } from '../ratings.ts'
import { StatisticsError } from '../statistics-error.ts'
import { type AnswerModel, answerProbability, parseAnswerModel } from './answer-model.ts'
import { type Answers, answersFrom } from './answers.ts'

/** When truth counts as settled by others. */
export interface SettledOptions {
  /** Least probability of the truth by the answers of the others; 0.9 by default. */
  readonly certainty?: number | undefined
  /** Least number of others who answered the unit, whatever the certainty; 2 by default. */
  readonly others?: number | undefined
}

export function parseSettledOptions(options: SettledOptions | undefined): { certainty: number; others: number } {
  const { certainty = 0.9, others = 2 } = parseOptions(options)
  if (!(typeof certainty === 'number' && certainty > 0.5 && certainty <= 1)) {
    throw invalid('certainty', certainty, 'Pass a probability above 0.5 and at most 1, such as 0.9')
  }
  return { certainty, others: parseWhole(others, 'others', 1) }
}

/** One rater's answers for one unit; nearly always one. */
export interface RaterEvidence {
  /** Index in the raters of the answers. */
  readonly rater: number
  /** Codes of the classes that were answered. */
  readonly codes: readonly number[]
  /** Per class, if it is the truth: logarithmic probability of these answers. */
  readonly logLikelihoods: Float64Array
}

/** Answers beside a model that knows some of their raters and all of their classes. */
export interface JudgedRatings {
  readonly answers: Answers
  readonly classes: readonly RatingKey[]
  /** Calls back once for each unit. */
  readonly eachUnit: (visit: (unit: number, evidence: readonly RaterEvidence[]) => void) => void
}

/** @throws StatisticsError `invalid-argument`, `no-data`, `unknown-class` */
export function judgedRatings(given: AnswerModel, ratings: RatingsInput): JudgedRatings {
  const model = parseAnswerModel(given)
  const answers = answersFrom(ratings)
  const raters = new Map(model.raters.map((rater, index) => [rater, index]))
  const raterOf = answers.raters.map((rater) => raters.get(rater) ?? -1)
  const codeOf = answers.classes.map((name) => {
    const code = model.classes.indexOf(name)
    if (code !== -1) return code
    throw new StatisticsError(
      'unknown-class',
      `Some answers are ${JSON.stringify(name)}, which is no class of the model`,
      'Fit the model to these answers, or leave those out',
    )
  })
  const evidenceAt = (start: number, end: number): RaterEvidence => {
    const rater = answers.raterCodes[start] ?? 0
    const codes = Array.from(answers.classCodes.subarray(start, end), (code) => codeOf[code] ?? 0)
    const logLikelihoods = Float64Array.from(model.classes, (_, truth) =>
      codes.reduce((sum, code) => sum + Math.log(answerProbability(model, raterOf[rater] ?? -1, truth, code)), 0),
    )
    return { rater, codes, logLikelihoods }
  }
  return {
    answers,
    classes: model.classes,
    eachUnit(visit) {
      for (let unit = 0; unit < answers.units.length; unit += 1) {
        const end = answers.starts[unit + 1] ?? 0
        const evidence: RaterEvidence[] = []
        for (let start = answers.starts[unit] ?? 0; start < end;) {
          let next = start + 1
          while (next < end && answers.raterCodes[next] === answers.raterCodes[start]) next += 1
          evidence.push(evidenceAt(start, next))
          start = next
        }
        visit(unit, evidence)
      }
    },
  }
}

import { checkSameLength, invalid, parseList, parseNumbers, parseWhole } from '../parse.ts'
import { StatisticsError } from '../statistics-error.ts'

/** What respondents answered to one question, and what shares each thinks that the answers of all have. */
export interface SerumAnswers {
  /** Per respondent: index of the class, from 0. */
  readonly answers: Iterable<number>
  /** Per respondent: the share of all answers that each class has, as this respondent predicts. */
  readonly predictions: Iterable<Iterable<number>>
}

export interface ParsedSerum {
  readonly answers: readonly number[]
  readonly predictions: readonly (readonly number[])[]
  /** Per class: its share of the answers. */
  readonly shares: readonly number[]
}

/** People round: predictions may be off by this much together. */
const ROUNDING = 0.01

function parsePrediction(
  prediction: Iterable<number>,
  index: number,
  classCount: number | undefined,
): readonly number[] {
  const name = `predictions[${index}]`
  const shares = parseNumbers(prediction, name)
  const negative = shares.findIndex((share) => share < 0)
  if (negative !== -1) throw invalid(`${name}[${negative}]`, shares[negative], 'Pass shares from 0 to 1')
  if (shares.length === 0 || (classCount !== undefined && shares.length !== classCount)) {
    throw new StatisticsError(
      'length-mismatch',
      `${name} has ${shares.length} shares, and ${classCount ?? 'at least one'} are wanted`,
      'Pass one share for each class in every prediction',
    )
  }
  const total = shares.reduce((a, b) => a + b, 0)
  if (Math.abs(total - 1) > ROUNDING) throw invalid(`The sum of ${name}`, total, 'Pass shares that sum to 1')
  return shares.map((share) => share / total)
}

/** @throws StatisticsError `invalid-argument`, `length-mismatch`, `no-data` */
export function parseSerum(input: SerumAnswers): ParsedSerum {
  if (typeof input !== 'object' || input === null) {
    throw invalid('The input', input, 'Pass an object with answers and predictions')
  }
  const answers = parseList(input.answers, 'answers')
  const given = parseList(input.predictions, 'predictions')
  checkSameLength(answers, 'answers', given, 'predictions')
  if (answers.length === 0) {
    throw new StatisticsError('no-data', 'Nobody answered', 'Wait for at least one answer with its prediction')
  }
  const predictions: (readonly number[])[] = []
  for (const [index, prediction] of given.entries()) {
    predictions.push(parsePrediction(prediction, index, predictions[0]?.length))
  }
  const classCount = predictions[0]?.length ?? 0
  const shares = Array.from({ length: classCount }, () => 0)
  for (const [index, answer] of answers.entries()) {
    if (parseWhole(answer, `answers[${index}]`, 0) >= classCount) {
      throw invalid(`answers[${index}]`, answer, `Pass the index of one of the ${classCount} classes, from 0`)
    }
    shares[answer] = (shares[answer] ?? 0) + 1 / answers.length
  }
  return { answers, predictions, shares }
}

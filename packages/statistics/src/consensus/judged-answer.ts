import { invalid, parseList } from '../parse.ts'
import { compareKeys, isKey, type RatingKey } from '../ratings.ts'

/** An answer and the truth that it is judged by, from `settledWithoutOwn` or from experts. */
export interface JudgedAnswer {
  readonly rater: RatingKey
  readonly value: RatingKey
  readonly truth: RatingKey
}

/** Rows that have a key in each of these columns. */
export function parseJudged<T extends object>(
  answers: Iterable<T>,
  columns: readonly (keyof T & string)[],
): readonly T[] {
  const list = parseList(answers, 'The answers')
  for (const [index, answer] of list.entries()) {
    if (typeof answer !== 'object' || answer === null) {
      throw invalid(`answers[${index}]`, answer, `Pass objects with ${columns.join(', ')}`)
    }
    for (const column of columns) {
      if (!isKey(answer[column])) {
        throw invalid(`answers[${index}].${column}`, answer[column], 'Pass a text or a finite number')
      }
    }
  }
  return list
}

/** Rows by rater, raters in order. */
export function byRater<T extends { readonly rater: RatingKey }>(
  rows: readonly T[],
): (readonly [RatingKey, readonly T[]])[] {
  return [...Map.groupBy(rows, ({ rater }) => rater)].sort(([a], [b]) => compareKeys(a, b))
}

import type { Rating, RatingKey } from '@groundtrace/statistics'

interface NaiveFit {
  readonly prior: readonly number[]
  /** By rater: truth × answer. */
  readonly confusion: ReadonlyMap<RatingKey, readonly (readonly number[])[]>
  /** By unit. */
  readonly posterior: ReadonlyMap<RatingKey, readonly number[]>
  readonly logLikelihood: number
}

const add = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

function logSumExp(values: readonly number[]): number {
  const greatest = Math.max(...values)
  return greatest + Math.log(add(values.map((value) => Math.exp(value - greatest))))
}

/**
 * Equations 2.3 to 2.7 and 3.1 of Dawid and Skene 1979, written down one by one in logarithms and plain arrays, as a
 * second way to the same numbers. A rater who cannot have seen a class gets even shares for it, among the
 * classes that they ever answer.
 */
export function naiveDawidSkene(rows: readonly Rating[], classes: readonly RatingKey[], rounds: number): NaiveFit {
  const byUnit = Map.groupBy(rows, ({ unit }) => unit)
  const byRater = Map.groupBy(rows, ({ rater }) => rater)
  const maximise = (posterior: ReadonlyMap<RatingKey, readonly number[]>) => {
    const prior = classes.map((_, truth) => add([...posterior.values()].map((p) => p[truth] ?? 0)) / byUnit.size)
    const confusion = new Map(
      [...byRater].map(([rater, answers]) => [
        rater,
        classes.map((_, truth) => {
          const weight = (answer: RatingKey) =>
            add(answers.filter(({ value }) => value === answer).map(({ unit }) => posterior.get(unit)?.[truth] ?? 0))
          const weights = classes.map(weight)
          const total = add(weights)
          if (total > 0) return weights.map((share) => share / total)
          const given = new Set(answers.map(({ value }) => value))
          return classes.map((name) => (given.has(name) ? 1 / given.size : 0))
        }),
      ]),
    )
    return { prior, confusion }
  }
  const expect = ({ prior, confusion }: Pick<NaiveFit, 'prior' | 'confusion'>): NaiveFit => {
    let logLikelihood = 0
    const posterior = new Map<RatingKey, number[]>()
    for (const [unit, answers] of byUnit) {
      const joint = classes.map(
        (_, truth) =>
          Math.log(prior[truth] ?? 0) +
          add(
            answers.map(({ rater, value }) => Math.log(confusion.get(rater)?.[truth]?.[classes.indexOf(value)] ?? 0)),
          ),
      )
      const total = logSumExp(joint)
      logLikelihood += total
      posterior.set(
        unit,
        joint.map((value) => Math.exp(value - total)),
      )
    }
    return { prior, confusion, posterior, logLikelihood }
  }
  const shares = new Map(
    [...byUnit].map(([unit, answers]) => [
      unit,
      classes.map((name) => answers.filter(({ value }) => value === name).length / answers.length),
    ]),
  )
  let fit = expect(maximise(shares))
  for (let round = 0; round < rounds; round += 1) fit = expect(maximise(fit.posterior))
  return fit
}

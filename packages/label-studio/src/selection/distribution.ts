import type { Prediction } from '@groundtrace/core'

/**
 * What a model's scores say of the classes, as probabilities: scores of all classes as they are, scaled to the sum 1; of a
 * binary task the score of one class and what is left. Undefined where there is nothing of the kind.
 */
export function distributionOf({ scores, task }: Prediction): readonly number[] | undefined {
  const values = Object.values(scores ?? {})
  if (values.some((value) => !(value >= 0) || value === Infinity)) return undefined
  const [only] = values
  if (values.length === 1 && only !== undefined) {
    return task.kind === 'binary' && only <= 1 ? [only, 1 - only] : undefined
  }
  const sum = values.reduce((total, value) => total + value, 0)
  return values.length > 1 && sum > 0 && sum < Infinity ? values.map((value) => value / sum) : undefined
}

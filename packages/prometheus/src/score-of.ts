import type { Prediction } from '@groundtrace/core'

/**
 * The one score of a prediction that is watched: of the positive (second) class for a binary task with declared classes,
 * so that a shift towards either class shows; else of the predicted class, which is the model's confidence.
 * @returns undefined where the model gave no such score
 */
export function scoreOf({ task, value, scores }: Prediction): number | undefined {
  if (scores === undefined) return undefined
  const watched = task.kind === 'binary' && task.classes !== undefined ? task.classes[1] : value
  return typeof watched === 'string' && Object.hasOwn(scores, watched) ? scores[watched] : undefined
}

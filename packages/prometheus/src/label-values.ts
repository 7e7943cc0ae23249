import { isName, type Prediction, type Task, type Value, type Verdict } from '@groundtrace/core'
import { FAILED, MOST_CLASSES, NONE, OTHER, UNKNOWN } from './labels.ts'

/** The labels of a version. */
export interface VersionLabels {
  readonly task: string
  readonly model: string
  readonly version: string
}

export function versionLabels({ task, model }: Prediction): VersionLabels {
  return { task: task.name, model: model.name, version: model.version }
}

/** The labels that every figure about predictions has. */
export function predictionLabels(prediction: Prediction): VersionLabels & { readonly part: 'whole' | 'member' } {
  return { ...versionLabels(prediction), part: prediction.whole === undefined ? 'whole' : 'member' }
}

/** A word that may become a label, `(none)` for none, `other` for a text that is no bounded word. */
export function wordLabel(text: string | undefined): string {
  if (text === undefined) return NONE
  return isName(text) ? text : OTHER
}

/** The classes of a task that keep their name. */
export function namedClasses(task: Task): readonly string[] {
  return task.classes?.slice(0, MOST_CLASSES) ?? []
}

/** A class by its name when the task declares it among its first, else `other`. */
function classLabel(task: Task, value: Value): string {
  return typeof value === 'string' && namedClasses(task).includes(value) ? value : OTHER
}

/** The predicted class; `(failed)` where the prediction failed. */
export function predictedLabel({ task, value }: Prediction): string {
  return value === undefined ? FAILED : classLabel(task, value)
}

/** The true class; `(unknown)` where the predicted one is ruled out and no more is known. */
export function truthLabel(task: Task, verdict: Verdict): string {
  return verdict.label === undefined ? UNKNOWN : classLabel(task, verdict.label)
}

/** Whether the prediction was right, where that is known. */
export function verdictLabel({ correct }: Verdict): 'correct' | 'incorrect' | undefined {
  if (correct === undefined) return undefined
  return correct ? 'correct' : 'incorrect'
}

/** What a verdict says of the truth, in one word: a class, right or wrong for tasks without classes, else the state. */
export function heldLabel(task: Task, verdict: Verdict | undefined): string {
  if (verdict === undefined) return NONE
  if (verdict.state !== 'settled') return `(${verdict.state})`
  return task.classes === undefined ? (verdictLabel(verdict) ?? UNKNOWN) : truthLabel(task, verdict)
}

const SIGNIFICANT_DIGITS = 3

/** A propensity as a tier. */
export function propensityLabel(propensity: number): string {
  return String(Number(propensity.toPrecision(SIGNIFICANT_DIGITS)))
}

import { checkedPrediction, defineTask, type Model, type Prediction, type Task } from '@groundtrace/core'
import { readOnce } from '../read-once.ts'
import { payloadOf, predictionRow, type PredictionPayload, type PredictionRow } from '../prediction-row.ts'

/** A prediction as the store writes it; its task and its model by their places in {@link PredictionLines}. */
export interface PredictionLine {
  readonly task: number
  readonly model: number
  readonly row: PredictionRow
  readonly payload: PredictionPayload
}

/** Checked predictions, ready to be written. Plain data. */
export interface PredictionLines {
  readonly tasks: readonly Task[]
  readonly models: readonly Model[]
  readonly lines: readonly PredictionLine[]
}

/** What became of a prediction: its ID when it is among the lines, or why it was refused. */
export type Encoded = { readonly id: string } | { readonly refused: unknown }

/** Gives the same things the same place in a list. */
class Places<T> {
  readonly list: T[] = []
  readonly #known = new Map<unknown, number>()

  of(key: unknown, make: () => T): number {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const made = make()
    this.#known.set(key, this.list.length)
    return this.list.push(made) - 1
  }
}

/**
 * Checks predictions, and writes them as lines. What is wrong with one harms none beside it.
 * @param now the clock of the register, in milliseconds since 1970
 */
export function encodePredictions(
  predictions: readonly Prediction[],
  now: number,
): PredictionLines & { readonly encoded: readonly Encoded[] } {
  const tasks = new Places<Task>()
  const models = new Places<Model>()
  const lines: PredictionLine[] = []
  const placeOfTask = new Map<Task, number>()

  /** Where nobody declared a task, each event describes it anew: what is the same is sent and looked at once. */
  function placeOf(task: Task): number {
    const known = placeOfTask.get(task)
    if (known !== undefined) return known
    // Made again: nothing but what a task has is kept.
    const place = tasks.of(JSON.stringify(task), () => defineTask(task))
    placeOfTask.set(task, place)
    return place
  }

  function encode(given: Prediction): Encoded {
    const prediction = checkedPrediction(readOnce(given), now)
    const { name, version } = prediction.model
    lines.push({
      task: placeOf(prediction.task),
      model: models.of(`${name} ${version}`, () => ({ name, version })),
      row: predictionRow(prediction),
      payload: payloadOf(prediction),
    })
    return prediction
  }

  const encoded = predictions.map((prediction) => {
    try {
      return encode(prediction)
    } catch (refused) {
      return { refused }
    }
  })
  return { tasks: tasks.list, models: models.list, lines, encoded }
}

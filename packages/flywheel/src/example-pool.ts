import {
  exampleFrom,
  GroundtraceError,
  quote,
  type JoinedOutcome,
  type NoExample,
  type TrackingId,
  type TrainingExample,
} from '@groundtrace/core'
import { listOf, nameOf } from './argument.ts'

/** Why the latest outcome of a prediction makes no example; `forgotten`: its payload was erased. */
export type WithoutExample = NoExample | 'forgotten'

/** What lines of the outcomes ledger did to a pool. */
export interface PoolChange {
  /** Lines that were about the pool's task and new to it. */
  readonly lines: number
  /** Predictions that had no example and have one now. */
  readonly added: number
  /** Examples that read otherwise than before: another label, authority or evidence. */
  readonly changed: number
  /** Examples that are none any more: retracted, contested. */
  readonly withdrawn: number
}

interface Entry {
  readonly version: number
  readonly example: TrainingExample | WithoutExample
}

const isExample = (entry: TrainingExample | WithoutExample | undefined): entry is TrainingExample =>
  typeof entry === 'object'

/**
 * What can be learned about one task so far: the example that the latest outcome of every prediction makes, or why it
 * makes none. A later line withdraws or changes an example; an earlier line, read again, changes nothing. So lines may
 * be added twice and a pool may be built anew from the start of the ledger at any time, with the same result.
 */
export class ExamplePool {
  readonly task: string
  readonly #entries = new Map<TrackingId, Entry>()

  /** @param task name of the task; outcomes of other tasks are passed over. @throws GroundtraceError `invalid-argument` */
  constructor(task: string) {
    this.task = nameOf(task, 'task')
  }

  /**
   * Takes lines of the outcomes ledger, with the payload of their predictions.
   * @throws GroundtraceError `invalid-outcome`, `invalid-prediction` or `invalid-argument` for what is no outcome with
   *   its own prediction; then nothing was taken
   */
  add(lines: Iterable<JoinedOutcome>): PoolChange {
    const list = listOf(lines, 'lines').map(read)
    const change = { lines: 0, added: 0, changed: 0, withdrawn: 0 }
    for (const { prediction, task, version, example } of list) {
      const before = this.#entries.get(prediction)
      const known = before !== undefined && (before.version >= version || before.example === 'forgotten')
      if (task !== this.task || known) continue
      this.#entries.set(prediction, { version, example })
      change.lines += 1
      if (isExample(before?.example)) change[isExample(example) ? 'changed' : 'withdrawn'] += 1
      else if (isExample(example)) change.added += 1
    }
    return change
  }

  /** True when the pool has read this version of a prediction's outcome, or a later one. */
  has(prediction: TrackingId, version: number): boolean {
    return (this.#entries.get(prediction)?.version ?? 0) >= version
  }

  /**
   * Drops what a pool holds of predictions whose payload was erased, for good: no later outcome brings it back.
   * @returns how many examples went
   */
  forget(predictions: Iterable<TrackingId>): number {
    let gone = 0
    for (const id of listOf(predictions, 'predictions')) {
      const before = this.#entries.get(id)
      if (isExample(before?.example)) gone += 1
      this.#entries.set(id, { version: before?.version ?? 0, example: 'forgotten' })
    }
    return gone
  }

  /** How many examples there are: as many as {@link examples} gives. */
  get size(): number {
    return this.#kept().length
  }

  /**
   * The examples, oldest prediction first. Of a whole and a member of it that both make one only that of the whole: both
   * are about one case, which would be learned twice.
   */
  examples(): readonly TrainingExample[] {
    return this.#kept().sort(byTime)
  }

  #kept(): TrainingExample[] {
    const examples = [...this.#entries.values()].map(({ example }) => example).filter(isExample)
    return examples.filter(({ whole }) => whole === undefined || !isExample(this.#entries.get(whole)?.example))
  }

  /** How many predictions with an outcome make no example, by reason. Reasons that don't occur are 0. */
  without(): Readonly<Record<WithoutExample, number>> {
    const counts = { 'not-settled': 0, 'truth-unknown': 0, 'features-missing': 0, forgotten: 0 }
    for (const { example } of this.#entries.values()) if (!isExample(example)) counts[example] += 1
    return counts
  }
}

/** Oldest prediction first; of the same moment in the order of their IDs, so that no order depends on arrival. */
export function byTime(a: TrainingExample, b: TrainingExample): number {
  return a.time - b.time || (a.prediction < b.prediction ? -1 : 1)
}

function read(line: JoinedOutcome): Entry & { readonly prediction: TrackingId; readonly task: string } {
  if (!Number.isSafeInteger(line?.outcome?.version)) {
    throw new GroundtraceError(
      'invalid-outcome',
      `${quote(line)} is no outcome with the prediction it is about`,
      'Pass lines as Register.read gives them for the outcomes ledger',
    )
  }
  const { prediction, outcome } = line
  const example = exampleFrom(prediction, outcome)
  return { prediction: prediction.id, task: prediction.task.name, version: outcome.version, example }
}

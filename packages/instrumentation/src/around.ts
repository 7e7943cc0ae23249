import type { TrackingId } from '@groundtrace/core'

/**
 * What a prediction is made inside of, as far as it has events: what has none is in no ledger, so nothing can be a part of
 * it there.
 */
export interface Around {
  /** The prediction right around. */
  readonly parent: TrackingId | undefined
  readonly wholes: Whole | undefined
}

/** Predictions that answer a task themselves, each task once. */
interface Whole {
  readonly task: unknown
  readonly id: TrackingId
  readonly others: Whole | undefined
}

export const NOTHING_AROUND: Around = Object.freeze({ parent: undefined, wholes: undefined })

/** The prediction that answers in place of one of this task; undefined where that answers the task itself. */
export function wholeOf({ wholes }: Around, task: unknown): TrackingId | undefined {
  if (task === undefined) return undefined
  // As many as tasks are nested in each other: a few.
  for (let whole = wholes; whole !== undefined; whole = whole.others) if (whole.task === task) return whole.id
  return undefined
}

/** What is around whatever is made inside of a prediction of this task. */
export function withinTold(around: Around, task: unknown, id: TrackingId): Around {
  const { wholes } = around
  return { parent: id, wholes: wholeOf(around, task) === undefined ? { task, id, others: wholes } : wholes }
}

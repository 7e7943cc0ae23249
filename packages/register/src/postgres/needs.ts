import type { Feedback, TrackingId } from '@groundtrace/core'
import type { KeyTarget } from '../decide/books.ts'
import { replacedBy } from '../feedback-payload.ts'
import { stripeOfId, stripeOfKey } from './locks.ts'

/** The predictions with a business key that are not after a time. */
export interface KeyNeed extends KeyTarget {
  readonly time: number
}

export const keyOf = ({ entity, task, time }: KeyNeed): string => `${time} ${task} ${entity}`

/** What a transaction has to load, and lock, before it decides. */
export class Needs {
  /** Predictions by ID, or that they are not there; and what waits for them. */
  readonly predictions = new Set<TrackingId>()
  /** Predictions with all that was said about them. */
  readonly lines = new Set<TrackingId>()
  /** Feedback by ID, in the ledger or in the pen, or that it is not there; and what takes it back or replaces it. */
  readonly feedback = new Set<TrackingId>()
  readonly keys = new Map<string, KeyNeed>()

  get size(): number {
    return this.predictions.size + this.lines.size + this.feedback.size + this.keys.size
  }

  addKey(need: KeyNeed): void {
    this.keys.set(keyOf(need), need)
  }

  addLines(id: TrackingId): void {
    this.predictions.add(id)
    this.lines.add(id)
  }

  /** What the place of a feedback, and its verdict, most likely take. */
  addFeedback(feedback: Feedback): void {
    const { id, target, time, kind } = feedback
    this.feedback.add(id)
    const earlier = replacedBy(feedback)
    if (earlier !== undefined) this.feedback.add(earlier)
    if (!('prediction' in target)) this.addKey({ entity: target.entity, task: target.task, time })
    else if (kind === 'action' || kind === 'no-action') this.predictions.add(target.prediction)
    else this.addLines(target.prediction)
  }

  addAll(other: Needs): void {
    for (const id of other.predictions) this.predictions.add(id)
    for (const id of other.lines) this.lines.add(id)
    for (const id of other.feedback) this.feedback.add(id)
    for (const need of other.keys.values()) this.addKey(need)
  }

  /** The locks that keep all of it as it was loaded, in the order in which everybody takes them. */
  stripes(): readonly number[] {
    const stripes = new Set<number>()
    for (const id of this.predictions) stripes.add(stripeOfId(id))
    for (const id of this.feedback) stripes.add(stripeOfId(id))
    for (const { task, entity } of this.keys.values()) stripes.add(stripeOfKey(task, entity))
    return [...stripes].sort((a, b) => a - b)
  }
}

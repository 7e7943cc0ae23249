import type { TrackingId } from '@groundtrace/core'

/**
 * How many locks there are for all predictions, feedback and business keys together. More let more transactions settle side
 * by side; all of them at once still fit into PostgreSQL's table of locks (64 a connection by default).
 */
const STRIPES = 64

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/): every replica comes to the same number. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return hash | 0
}

const stripe = (text: string): number => (hash32(text) >>> 0) % STRIPES

/**
 * Whoever settles a prediction, moves a feedback, or relies on a prediction not being there holds the lock of it. Prediction
 * and feedback share one number space: an ID of one that is used for the other costs a wait, no more.
 */
export const stripeOfId = (id: TrackingId): number => stripe(id)
export const stripeOfKey = (task: string, entity: string): number => stripe(`${task} ${entity}`)

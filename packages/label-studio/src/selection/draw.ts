import { createHmac, type KeyObject } from 'node:crypto'
import type { TrackingId } from '@groundtrace/core'
import type { Candidate } from './candidate.ts'

/**
 * The lot of a prediction: HMAC-SHA256 (RFC 2104) under the secret of purpose, task and tracking ID. Whoever has no secret
 * can't tell who will be drawn, or make a tracking ID that is; whoever has it draws the same ones again.
 */
export function lotOf(key: KeyObject, task: string, id: TrackingId): string {
  return createHmac('sha256', key).update(`groundtrace.annotation\0${task}\0${id}`).digest('hex')
}

/** Candidates that were drawn, and with what probability each of all had been one of them. */
export interface Drawn {
  readonly drawn: readonly Candidate[]
  readonly propensity: number
}

/**
 * A simple random sample without replacement: the lowest lots. All subsets of that size are equally likely, so each
 * candidate is in it with probability size ÷ candidates, exactly.
 * @param most size of the sample, where there are so many
 */
export function draw(candidates: readonly Candidate[], most: number): Drawn {
  const size = Math.min(most, candidates.length)
  const drawn = candidates.toSorted((a, b) => (a.lot < b.lot ? -1 : 1)).slice(0, size)
  return { drawn, propensity: candidates.length === 0 ? 0 : size / candidates.length }
}

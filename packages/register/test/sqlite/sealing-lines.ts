import { createHash } from 'node:crypto'
import { formatTrackingId, type Prediction } from '@groundtrace/core'
import { UNSEALED } from '../../src/sqlite/keys/prediction-keys.ts'
import { prediction } from '../../src/testing/fixtures.ts'

/** More than what stays unsealed: whatever was there before, a call seals once at least. */
export const CALL = UNSEALED + 1

/** A line by its number from 0. Tracking IDs as they are: without order. */
export function lineOf(line: number): Prediction {
  const hex = createHash('sha256').update(String(line)).digest('hex')
  const id = formatTrackingId({ traceId: hex.slice(0, 32), spanId: hex.slice(32, 48) })
  return { ...prediction(1), id, entity: `order ${line % 100}`, user: `user ${line % 50}` }
}

/** The lines of a call, by its number from 0. */
export const linesOf = (call: number): readonly Prediction[] =>
  Array.from({ length: CALL }, (_, at) => lineOf(call * CALL + at))

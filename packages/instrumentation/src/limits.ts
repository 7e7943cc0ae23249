import { MAX_TEXT_LENGTH } from '@groundtrace/core'

/**
 * What one prediction may take: describe is called while the service works, and what a user wrote decides how much there
 * is. What goes beyond is cut or left out, and counted in `pipeline.droppedFields()`.
 */

/** Features that are kept, in the order in which describe gives them. */
export const MAX_FEATURES = 1000
/** Scores that are kept, the highest ones; and slices, the first ones. */
export const MAX_ENTRIES = 100
/** Names of a map that are looked at. */
export const MAX_NAMES = 10_000
/** Size of value, scores, slices and features together; of features those that still have room are kept. See `sizeOf`. */
export const MAX_SIZE = 262_144

/** Size of a number, in the unit of {@link MAX_SIZE}. */
const NUMBER_SIZE = 8

/** A text has the size of its UTF-16 units, a number 8, a truth value 1, a list that of its items; anything else 0. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value === 'number') return NUMBER_SIZE
  if (typeof value === 'boolean') return 1
  if (!Array.isArray(value)) return 0
  // Items are of one type: only texts differ in size.
  if (typeof value[0] !== 'string') return value.length * sizeOf(value[0])
  let size = 0
  for (const item of value) size += sizeOf(item)
  return size
}

/** The first 16,384 UTF-16 units of a text; half a character at the end becomes U+FFFD. */
export function cutText(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH).toWellFormed() : text
}

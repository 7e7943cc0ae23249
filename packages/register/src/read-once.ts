import { isRecord, type Prediction } from '@groundtrace/core'

/** A part that can't change is taken as it is, as everywhere. */
const copied = <Part>(part: Part): Part => (isRecord(part) && !Object.isFrozen(part) ? { ...part } : part)

/**
 * The prediction with each field read once. What a proxy or an accessor says to a second look is nothing that was checked, and
 * may be nothing that a store can hold: it would take the lines beside it along.
 */
export function readOnce(given: Prediction): Prediction {
  const read: { -readonly [Field in keyof Prediction]: Prediction[Field] } = copied(given)
  if (read === given) return given
  read.task = copied(read.task)
  read.model = copied(read.model)
  return read
}

import { checkedPrediction, GroundtraceError, quote, withoutUnfit, type Prediction } from '@groundtrace/core'

/**
 * What the describe callback says of one answer of the model: the fields of a prediction that only the service knows.
 * `parent` is known from the context where there is one; say it only where it is not.
 */
export type Description = Pick<
  Prediction,
  'value' | 'scores' | 'features' | 'slices' | 'entity' | 'user' | 'policy' | 'parent'
>

/** The fields of a prediction that are known without asking the service. */
export type KnownFacts = Pick<Prediction, 'id' | 'task' | 'model' | 'time' | 'latencySeconds' | 'parent'>

/**
 * The prediction that was described. It holds copies: the service may go on to reuse its buffers, and what was checked
 * here stays what every processor reads. An optional field that no ledger can keep is left out, and told.
 * @throws GroundtraceError `invalid-prediction`; or whatever a hostile object throws when it is read
 */
export function describedPrediction(
  description: Description,
  facts: KnownFacts,
  onDropped: (field: string) => void,
): Prediction {
  if (!isRecord(description)) {
    throw new GroundtraceError(
      'invalid-prediction',
      `describe returned ${quote(description)}`,
      'Return an object with value, and whatever else is known, from describe',
    )
  }
  const { value, scores, features, slices, entity, user, policy, parent = facts.parent } = description
  const { prediction, dropped } = withoutUnfit({
    ...facts,
    value: copied(value),
    scores: copied(scores),
    features: copied(features),
    slices: copied(slices),
    entity,
    user,
    policy: copied(policy),
    parent,
  } as Prediction)
  for (const field of dropped) onDropped(field)
  return checkedPrediction(prediction)
}

/** Lists and maps of lists as they are now, the maps frozen; everything else as it is, for the check to judge. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice()
  if (!isRecord(value)) return value
  const copy: Record<string, unknown> = {}
  for (const [key, entry] of Object.entries(value) as [string, unknown][]) {
    // Assigned, `__proto__` would set what the copy inherits from, and be gone.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: entry, enumerable: true })
    else copy[key] = Array.isArray(entry) ? entry.slice() : entry
  }
  return Object.freeze(copy)
}

/** Not a `Map`, a `Date` or another class that hides its content: a copy of its own keys would look like an empty map. */
function isRecord(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]'
}

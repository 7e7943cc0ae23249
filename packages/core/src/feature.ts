import type { FeatureValue } from './prediction.ts'

const isPrimitive = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' || typeof value === 'boolean'

/** True for a text, a finite number or a truth value, or a list of one of them. */
export function isFeature(value: unknown): value is FeatureValue {
  if (!Array.isArray(value)) return isPrimitive(value)
  const type = typeof value[0]
  // By index: holes count, and a callback for each of some hundred numbers is what a prediction would pay most for.
  for (let index = 0; index < value.length; index += 1) {
    const item: unknown = value[index]
    if (typeof item !== type || !isPrimitive(item)) return false
  }
  return true
}

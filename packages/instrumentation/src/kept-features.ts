import {
  isFeature,
  isKey,
  MAX_LIST_LENGTH,
  MAX_TEXT_LENGTH,
  type FeatureValue,
  type KeyedHash,
} from '@groundtrace/core'
import type { CountDropped } from './dropped-field.ts'
import type { FeatureRules, FieldRule } from './feature-policy.ts'
import type { Pipeline } from './pipeline.ts'
import { cutText, MAX_FEATURES, MAX_NAMES, sizeOf } from './limits.ts'

/** What decides which features are kept, and how. */
export interface FeatureKeeping {
  readonly rules: FeatureRules
  /** Absent where there is no secret; then no rule asks for it. */
  readonly keyedHash: KeyedHash | undefined
  readonly dropped: CountDropped
}

/** What keeps features by a policy for the events of a pipeline. */
export function keepingBy(rules: FeatureRules, pipeline: Pipeline): FeatureKeeping {
  const dropped: CountDropped = (field, count) => pipeline.dropField(field, count)
  return { rules, keyedHash: pipeline.keyedHash, dropped }
}

/**
 * The features as the policy lets them be kept: copies, in a frozen record that takes no more room than there is. A feature
 * of which nothing may be kept is not even read.
 * @param features a record; what it does when it is read is its own
 * @param room in the unit of `sizeOf`
 */
export function keptFeatures(
  features: Readonly<Record<string, unknown>>,
  { rules, keyedHash, dropped }: FeatureKeeping,
  room: number,
): Readonly<Record<string, FeatureValue>> {
  const kept: Record<string, FeatureValue> = {}
  const names = Object.keys(features)
  let unnamed = 0
  let truncated = Math.max(0, names.length - MAX_NAMES)
  let unfit = 0
  let count = 0
  for (let index = 0; index < names.length && index < MAX_NAMES; index += 1) {
    const name = names[index] as string
    const rule = rules.named.get(name) ?? rules.others
    if (rule === undefined) unnamed += 1
    if (rule === undefined || rule === 'drop') continue
    const feature = keptFeature(features, name, rule, keyedHash)
    const size = name.length + sizeOf(feature.value)
    if (feature.value === undefined) {
      if (feature.isTruncated) truncated += 1
      else unfit += 1
    } else if (count === MAX_FEATURES || size > room) truncated += 1
    else {
      if (feature.isTruncated) truncated += 1
      kept[name] = feature.value
      count += 1
      room -= size
    }
  }
  if (unfit > 0) dropped('features', unfit)
  if (truncated > 0) dropped('features.truncated', truncated)
  if (unnamed > 0) {
    dropped('features.unnamed', unnamed)
    rules.warnOfUnnamed()
  }
  return Object.freeze(kept)
}

interface KeptFeature {
  /** Undefined where nothing can be kept. */
  readonly value: FeatureValue | undefined
  readonly isTruncated: boolean
}

const UNFIT: KeptFeature = { value: undefined, isTruncated: false }
const TOO_LARGE: KeptFeature = { value: undefined, isTruncated: true }

function keptFeature(
  features: Readonly<Record<string, unknown>>,
  name: string,
  rule: Exclude<FieldRule, 'drop'>,
  keyedHash: KeyedHash | undefined,
): KeptFeature {
  if (!isKey(name)) return UNFIT
  try {
    const given = features[name]
    if (typeof rule === 'function') {
      return Number.isFinite(given) ? { value: rule(given as number), isTruncated: false } : UNFIT
    }
    const isTruncated = isTooLong(given)
    // The hash of a part would be that of another value.
    if (rule === 'hash' && isTruncated) return TOO_LARGE
    const value = copied(given)
    if (!isFeature(value)) return UNFIT
    if (rule === 'keep') return { value, isTruncated }
    return keyedHash === undefined ? UNFIT : { value: keyedHash.feature(name, value), isTruncated }
  } catch {
    // A getter, or what a Proxy stands for.
    return UNFIT
  }
}

function isTooLong(value: unknown): boolean {
  return typeof value === 'string'
    ? value.length > MAX_TEXT_LENGTH
    : Array.isArray(value) && value.length > MAX_LIST_LENGTH
}

/** As it is now, as far as it is kept: the service may go on to reuse its buffers. */
function copied(value: unknown): unknown {
  if (typeof value === 'string') return cutText(value)
  return Array.isArray(value) ? value.slice(0, MAX_LIST_LENGTH) : value
}

import { keyedHash } from '@groundtrace/core'
import type { CountDropped } from '../src/dropped-field.ts'
import { featureRules, type FeaturePolicy } from '../src/feature-policy.ts'
import type { FeatureKeeping } from '../src/kept-features.ts'
import { SPAM } from './spam-filter.ts'

export const SECRET = 'a secret for tests, of 35 characters'

/** A policy that keeps every feature, or the one that is given; with a secret. */
export function keepingAll(
  dropped: CountDropped = () => undefined,
  policy: FeaturePolicy = { '*': 'keep' },
): FeatureKeeping {
  return { rules: featureRules(policy, SPAM, true, 'features'), keyedHash: keyedHash(SECRET), dropped }
}

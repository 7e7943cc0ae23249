import type { Task } from '@groundtrace/core'
import { featureRules, type FeaturePolicy, type FeatureRules } from './feature-policy.ts'

interface Declaration {
  readonly task: Task
  readonly features?: FeaturePolicy | undefined
}

/** Policies of declared models, made ready when they are configured: a call must not pay for it. */
const ready = new WeakMap<Declaration, FeatureRules>()

/** Checks the policy of a declared model and keeps it ready. @throws GroundtraceError `invalid-argument` */
export function declareFeatures(model: Declaration, canHash: boolean, where: string): void {
  ready.set(model, featureRules(model.features, model.task, canHash, where))
}

/** The policy of a declared model. */
export function featuresOf(model: Declaration): FeatureRules {
  return ready.get(model) ?? featureRules(undefined, model.task, false, '')
}

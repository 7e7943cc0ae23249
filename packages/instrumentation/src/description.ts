import {
  fitPrediction,
  GroundtraceError,
  isRecord,
  MAX_LIST_LENGTH,
  quote,
  type Features,
  type Policy,
  type Prediction,
  type TrackingId,
  type Value,
} from '@groundtrace/core'
import type { CountDropped } from './dropped-field.ts'
import { keptFeatures, type FeatureKeeping } from './kept-features.ts'
import { keptScores, keptSlices } from './kept-maps.ts'
import { cutText, MAX_SIZE, sizeOf } from './limits.ts'
import { pseudonym } from './pseudonym.ts'
import { quietened } from './thenable.ts'

/** What the describe callback says of one answer of the model: the fields of a prediction that only the service knows. */
export interface Description {
  /** What the model said: a class of the task, a finite number, items in order, or a text. */
  readonly value: Value
  /** Score per class, in the model's own unit; probabilities where it is calibrated. */
  readonly scores?: Readonly<Record<string, number>> | undefined
  /** What it was predicted from. Each is kept as the policy of its name says, in the option `features`. */
  readonly features?: Features | undefined
  /** Groups to read quality by, few different values each: country, channel. */
  readonly slices?: Readonly<Record<string, string>> | undefined
  /** Business key, by which feedback may name the prediction: the order, the transaction, the message. Leaves as it is. */
  readonly entity?: string | undefined
  /** The ID by which the service knows whom the model served. Only a pseudonym of it leaves the service. */
  readonly user?: string | undefined
  /** How the service dealt with the prediction, such as the variant of an A/B test, and with what chance otherwise. */
  readonly policy?: Policy | undefined
  /** The prediction around this one. Known from the context where there is one; say it only where it is not. */
  readonly parent?: TrackingId | undefined
  /** The prediction that answers the task in the place of this one; as `parent`. */
  readonly whole?: TrackingId | undefined
}

/** The fields of a prediction that are known without asking the service. */
export type KnownFacts = Pick<Prediction, 'id' | 'task' | 'model' | 'time' | 'latencySeconds' | 'parent' | 'whole'>

/**
 * The prediction that was described. It holds copies: the service may go on to reuse its buffers, and what was checked
 * here stays what every processor reads. An optional field that no ledger can keep is left out, and told; so is what is
 * beyond the limits.
 * @throws GroundtraceError `invalid-prediction`; or whatever a hostile object throws when it is read
 */
export function describedPrediction(
  description: Partial<Description>,
  facts: KnownFacts,
  keeping: FeatureKeeping,
): Prediction {
  if (!isRecord(description)) {
    // An async describe is no description, and its rejection must end nothing.
    quietened(description)
    throw new GroundtraceError(
      'invalid-prediction',
      `describe returned ${quote(description)}`,
      'Return an object with value, and whatever else is known, from describe',
    )
  }
  const { dropped, keyedHash } = keeping
  const { value, scores, features, slices, entity, user, policy } = description
  const { parent = facts.parent, whole = facts.whole } = description
  const maps = { scores: keptScores(scores, dropped), slices: keptSlices(slices, dropped) }
  const said = {
    ...facts,
    value: keptValue(value, maps, dropped),
    entity,
    user: pseudonym(user, keyedHash, dropped),
    policy: keptPolicy(policy),
    parent,
    whole,
  }
  const prediction: Owned<Prediction> = fitPrediction(said as Prediction, dropped)
  if (maps.scores !== undefined) prediction.scores = maps.scores
  if (maps.slices !== undefined) prediction.slices = maps.slices
  if (isRecord(features)) prediction.features = keptFeatures(features, keeping, roomBeside(maps) - sizeOf(said.value))
  else if (features !== undefined) dropped('features')
  return prediction
}

/** What nobody else holds, so that it may still be written. */
type Owned<T> = { -readonly [K in keyof T]: T[K] }

/** A text or a ranking, cut where it is too long; anything else as it is, for the check to judge. */
function keptValue(value: unknown, maps: Maps, dropped: CountDropped): unknown {
  if (!Array.isArray(value)) {
    const kept = typeof value === 'string' ? cutText(value) : value
    if (kept !== value) dropped('value')
    return kept
  }
  let left = roomBeside(maps)
  let length = 0
  while (length < value.length && length < MAX_LIST_LENGTH && (left -= sizeOf(value[length])) >= 0) length += 1
  if (length < value.length) dropped('value')
  return value.slice(0, length)
}

/** What a policy has, as it is now; anything else as it is, for the check to judge. */
function keptPolicy(policy: unknown): unknown {
  if (!isRecord(policy)) return policy
  const { variant, action, propensity, explored } = policy
  return { variant, action, propensity, explored }
}

interface Maps {
  readonly scores: unknown
  readonly slices: unknown
}

/** What there is room for beside scores and slices. */
function roomBeside({ scores, slices }: Maps): number {
  return MAX_SIZE - sizeOfMap(scores) - sizeOfMap(slices)
}

function sizeOfMap(map: unknown): number {
  if (!isRecord(map)) return 0
  let size = 0
  for (const name of Object.keys(map)) size += name.length + sizeOf(map[name])
  return size
}

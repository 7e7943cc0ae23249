import { GroundtraceError, isKey, MAX_KEY_LENGTH, quote, type Task } from '@groundtrace/core'
import { diag } from '@opentelemetry/api'
import { attempt } from './attempt.ts'
import { areEdges, bucketing, MAX_EDGES } from './bucket.ts'

/**
 * What becomes of one feature.
 * - `keep`: it is kept as it is
 * - `drop`: it is left out; nobody is told, for it was asked for
 * - `hash`: a keyed hash in its place, by which equal values can be found and nothing be read; see core's `keyedHash`
 * - `bucket`: the interval that a number lies in, `[18,30)`; edges ascend, at most 100. What is no number is left out
 */
export type FieldPolicy = 'keep' | 'drop' | 'hash' | { readonly bucket: readonly number[] }

/**
 * What becomes of each feature, by its name; `*` is for all that have no entry of their own. A feature that the policy says
 * nothing of is left out, counted as `features.unnamed`, and warned about once for each tracked function.
 */
export type FeaturePolicy = Readonly<Record<string, FieldPolicy>>

/** A field's policy, ready to be followed. */
export type FieldRule = 'keep' | 'drop' | 'hash' | ((value: number) => string)

/** A policy, ready to be followed. */
export interface FeatureRules {
  readonly named: ReadonlyMap<string, FieldRule>
  /** Of features without an entry; undefined where the policy says nothing of them. */
  readonly others: FieldRule | undefined
  /** Warns, the first time only, that describe gave features that the policy says nothing of. Never throws. */
  readonly warnOfUnnamed: () => void
}

/** In a policy: all names that have no entry. */
const OTHERS = '*'

/**
 * Checks a policy and makes it ready.
 * @param policy as it came; undefined says nothing of any feature
 * @param canHash whether there is a secret to hash with
 * @param where begins the messages
 * @throws GroundtraceError `invalid-argument`
 */
export function featureRules(policy: unknown, task: Task, canHash: boolean, where: string): FeatureRules {
  const named = new Map<string, FieldRule>()
  for (const [name, given] of entriesOf(policy, where)) {
    if (!isKey(name)) {
      throw invalid(where, `${quote(name)} is no name of a feature`, `Name it with 1 to ${MAX_KEY_LENGTH} characters`)
    }
    named.set(name, ruleOf(given, `${where}.${quote(name)}`))
  }
  if (!canHash && [...named.values()].includes('hash')) {
    throw invalid(where, 'a feature is to be hashed, and the pipeline has no secret', 'Pass secret to createPipeline')
  }
  const others = named.get(OTHERS)
  named.delete(OTHERS)
  return { named, others, warnOfUnnamed: others === undefined ? warnOnce(task) : () => undefined }
}

function entriesOf(policy: unknown, where: string): readonly (readonly [string, unknown])[] {
  if (policy === undefined) return []
  if (Object.prototype.toString.call(policy) === '[object Object]') return Object.entries(policy as object)
  throw invalid(where, `${quote(policy)} is no policy`, 'Pass a record of feature name and policy, or leave it out')
}

function ruleOf(given: unknown, where: string): FieldRule {
  if (given === 'keep' || given === 'drop' || given === 'hash') return given
  const edges = typeof given === 'object' && given !== null ? (given as { bucket?: unknown }).bucket : undefined
  if (areEdges(edges)) return bucketing(edges)
  throw invalid(
    where,
    `${quote(given)} is no policy of a feature`,
    `Pass 'keep', 'drop', 'hash' or { bucket } with 1 to ${MAX_EDGES} finite edges, each above the one before`,
  )
}

function warnOnce({ name }: Task): () => void {
  let warned = false
  return () => {
    if (warned) return
    warned = true
    // Without the names: they may be words of a user.
    attempt(() =>
      diag.warn(
        `groundtrace: describe gave features of task ${name} that no policy names; they are left out, and counted as ` +
          "features.unnamed. Name each in `features`, or all with { '*': 'keep' }",
      ),
    )
  }
}

function invalid(where: string, cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-argument', `${where}: ${cause}`, nextStep)
}

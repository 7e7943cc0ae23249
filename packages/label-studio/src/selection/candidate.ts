import { horizonOf, type Prediction } from '@groundtrace/core'
import type { SelectionPlan } from './selection-plan.ts'

/** Why a prediction can't be picked. */
export const INELIGIBLE = ['other-task', 'member', 'failed', 'closed'] as const
export type Ineligible = (typeof INELIGIBLE)[number]

/** A prediction that may be picked. */
export interface Candidate {
  readonly prediction: Prediction
  /** Looks random to everybody without the secret, and orders what is otherwise equal. */
  readonly lot: string
  /** The class that the model said; of a task without classes undefined. */
  readonly class: string | undefined
}

/** Whether a prediction can be picked: another one answers for a member, a failed one said nothing, a closed one is past. */
export function ineligible(prediction: Prediction, task: string, now: number): Ineligible | undefined {
  if (prediction.task.name !== task) return 'other-task'
  if (prediction.whole !== undefined) return 'member'
  if (prediction.value === undefined || prediction.error !== undefined) return 'failed'
  return horizonOf(prediction) <= now ? 'closed' : undefined
}

/** The class that a prediction says, of a task of classes. */
export function classOf({ task, value }: Prediction): string | undefined {
  return (task.kind === 'binary' || task.kind === 'multiclass') && typeof value === 'string' ? value : undefined
}

/** Whether only experts may see it: by task, or by a feature that it holds. */
export function isPrivate({ features = {} }: Prediction, hidden: SelectionPlan['private']): boolean {
  return hidden === true || (hidden ?? []).some((name) => Object.hasOwn(features, name))
}

export function isOfSlice({ slices = {} }: Prediction, wanted: readonly { slice: string; value: string }[]): boolean {
  return wanted.some(({ slice, value }) => Object.hasOwn(slices, slice) && slices[slice] === value)
}

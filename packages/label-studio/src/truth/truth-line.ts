import { feedbackId, type Feedback, type TrackingId } from '@groundtrace/core'
import type { PlannedUnit } from '../bridge/unit.ts'
import type { UnsettledReason } from './unsettled-reason.ts'

/**
 * Where the truth of a unit stands.
 * - `open`: answers are waited for.
 * - `settled`: the register holds its label.
 * - `escalated`: it is contentious, and was sent to the experts.
 * - `contentious`: the same where there are no experts to send it to, or the experts disagree.
 */
export const TRUTH_STAGES = ['open', 'settled', 'escalated', 'contentious'] as const
export type TruthStage = (typeof TRUTH_STAGES)[number]

/** What was last held of a unit. */
export interface UnitTruth {
  readonly stage: TruthStage
  /** Lines about it that were made for the register. */
  readonly version: number
  /**
   * The line of ours that stands in the register. Its label is absent where the register calls the line a conflict: after
   * this outbox was restored from a backup, another one of ours has its ID there.
   */
  readonly standing?: { readonly id: TrackingId; readonly label?: string }
}

export const UNHEARD: UnitTruth = { stage: 'open', version: 0 }

/** What a verdict says that changes anything here; of a crowd or of experts. */
export type Said =
  | { readonly state: 'settled'; readonly label: string; readonly posterior?: number; readonly method: string }
  | { readonly state: 'open' | 'contentious'; readonly why: readonly (UnsettledReason | 'experts-disagree')[] }

/** The unit that it is about. */
export interface TruthContext {
  readonly prediction: TrackingId
  /** Of the unit: the source of its lines. */
  readonly project: string
  readonly by: 'crowd' | 'expert'
  /** Probability with which the answers were asked for. */
  readonly propensity?: number
  /** Where contentious units go. */
  readonly escalateTo?: string
  /** The class that the model said. */
  readonly class?: string
  /** Time of the lines: milliseconds since 1970. */
  readonly now: number
}

/** Why an expert's unit was planned. */
const ESCALATED = 'escalated'

/** A change of what is held, and what follows from it. To be stored in one transaction. */
export interface TruthStep {
  readonly truth: UnitTruth
  /** The line for the register: a label, or that the last one is taken back. */
  readonly feedback?: Feedback
  /** The unit for the experts. */
  readonly plan?: PlannedUnit
}

/**
 * What follows from a verdict on a unit; undefined where it is what is held already. Pure. IDs of lines are derived from
 * project, prediction and version, so that the same step taken again makes the same line; a new label replaces the one
 * before, and one that does not hold any more is retracted.
 */
export function nextTruth(truth: UnitTruth, said: Said, context: TruthContext): TruthStep | undefined {
  const { prediction, project, by, propensity, escalateTo, now } = context
  const { standing } = truth
  const version = truth.version + 1
  const line = () =>
    ({
      id: feedbackId(project, `${prediction} ${version}`),
      target: { prediction },
      time: now,
      source: project,
    }) as const

  if (said.state === 'settled') {
    const { label, posterior, method } = said
    if (standing?.label === label) return undefined
    const feedback: Feedback = {
      ...line(),
      kind: 'annotation',
      label,
      by,
      method,
      ...(posterior !== undefined && { posterior: Math.min(1, posterior) }),
      ...(propensity !== undefined && { propensity }),
      ...(standing !== undefined && { supersedes: standing.id }),
    }
    return { truth: { stage: 'settled', version, standing: { id: feedback.id, label } }, feedback }
  }

  const isEscalated = said.state === 'contentious' && escalateTo !== undefined
  const stage = isEscalated ? 'escalated' : said.state
  if (standing === undefined && stage === truth.stage) return undefined
  const plan = isEscalated && truth.stage !== 'escalated' && planFor(context, escalateTo)
  if (standing === undefined) return { truth: { stage, version: truth.version }, ...(plan && { plan }) }
  const feedback: Feedback = { ...line(), kind: 'retraction', retracts: standing.id }
  return { truth: { stage, version }, feedback, ...(plan && { plan }) }
}

/** The experts' unit keeps the chance with which the crowd's was drawn: that it is contentious follows from its answers. */
function planFor({ prediction, propensity, class: said }: TruthContext, project: string): PlannedUnit {
  return {
    prediction,
    project,
    reason: ESCALATED,
    ...(propensity !== undefined && { propensity }),
    ...(said !== undefined && { class: said }),
  }
}

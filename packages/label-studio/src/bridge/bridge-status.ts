import type { TruthStage } from '../truth/truth-line.ts'
import type { ChangeKind } from './answer-ledger.ts'
import type { GapKind } from './gaps.ts'
import type { Outbox } from './outbox.ts'
import type { UnitCount } from './units.ts'
import type { WebhookCounts } from './webhook.ts'

/** How the bridge is doing, in counts: nothing in it names a person or a prediction. */
export interface BridgeStatus {
  /** Units by project, state and reason. */
  readonly units: readonly UnitCount[]
  /** Answers by what happened to them last. */
  readonly answers: readonly { readonly kind: ChangeKind; readonly answers: number }[]
  readonly gaps: readonly { readonly project: string; readonly kind: GapKind; readonly gaps: number }[]
  /** Feedback on its way: `waiting`, and by the receipt that the register gave. */
  readonly feedback: Readonly<Record<string, number>>
  /** Units by what is held of their truth; those of which nothing was ever held are in none. */
  readonly truths: readonly { readonly project: string; readonly stage: TruthStage; readonly units: number }[]
  /** Lines about truth that were made for the register: labels, and labels taken back. */
  readonly truthLines: readonly {
    readonly project: string
    readonly said: 'annotation' | 'retraction'
    readonly lines: number
  }[]
  /** When all of a project was last read, in milliseconds since 1970; and whether it is due again at once. */
  readonly projects: readonly { readonly project: string; readonly swept?: number; readonly sweepDue: boolean }[]
  readonly webhook?: WebhookCounts
}

/** Reads the status of an outbox, also of one that another process writes. */
export function bridgeStatus({ units, answers, gaps, feedback, truths, projects, read }: Outbox): BridgeStatus {
  return read(() => ({
    units: units.counts(),
    answers: answers.counts(),
    gaps: gaps.counts(),
    feedback: feedback.counts(),
    truths: truths.counts(),
    truthLines: truths.said(),
    projects: projects.names().map((project) => {
      const { swept, sweepFor } = projects.state(project) ?? {}
      return { project, ...(swept !== undefined && { swept }), sweepDue: swept === undefined || sweepFor !== undefined }
    }),
  }))
}

import type { Policy, ReceiptStatus, Register, TrackingId } from '@groundtrace/core'
import type { TriggerReading } from '@groundtrace/flywheel'
import type { DriftVerdict } from '@groundtrace/prometheus'
import type { PropensityWeightedEstimate } from '@groundtrace/statistics'
import type { Registry } from 'prom-client'
import type { Turn } from './generations.ts'
import type { Monitor, Seen } from './monitor.ts'
import type { MailLabel } from './spam-filter-training.ts'
import type { Version } from './versions.ts'

/** One mail that a live version dealt with. `truth` is the corpus's: no part of the loop reads it. */
export interface LiveMail {
  readonly time: number
  readonly truth: MailLabel
  readonly predicted: MailLabel
  /** What the first version says of the same mail. */
  readonly frozen: MailLabel
  readonly version: string
  readonly trackingId: TrackingId
  readonly policy: Policy
}

/** One look at the loop. */
export interface Sample {
  readonly time: number
  /** Live mails so far. */
  readonly mails: number
  readonly version: string
  readonly drift: DriftVerdict
  readonly readings: readonly TriggerReading[]
  readonly naive: Seen<number | undefined>
  readonly estimated: Seen<PropensityWeightedEstimate>
}

/** Everything a run brought, from which the figures and the report are made. */
export interface JobRecord {
  readonly corpus: {
    readonly name: string
    readonly licence: string
    readonly source: string
    readonly records: number
  }
  readonly seed: number
  readonly mails: readonly LiveMail[]
  readonly samples: readonly Sample[]
  readonly turns: readonly Turn[]
  /** Versions in the order in which they went live. */
  readonly deployed: readonly Version[]
  readonly monitor: Monitor
  readonly feedback: Readonly<Record<ReceiptStatus, number>>
  readonly register: Register
  /** The service's metrics, ours among them. */
  readonly registry: Registry
  readonly loss: Readonly<Record<string, number>>
}

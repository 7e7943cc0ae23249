import { runService } from './installed-host.ts'
import { startOtlpReceiver, type ReceivedLog, type ReceivedSpan } from './otlp-receiver.ts'

/** What the service of a host tells on standard output; see hosts/service.ts. */
export interface Told {
  readonly single: { readonly value: string; readonly trackingId: string }
  readonly batch: { readonly value: readonly number[]; readonly trackingIds: readonly string[] }
  readonly nested: {
    readonly value: { readonly active?: string; readonly member: { readonly trackingId: string } }
    readonly trackingId: string
  }
  readonly rollout: readonly { readonly trackingId: string }[]
  readonly failed: string
  readonly siblings: readonly { readonly trackingId: string }[]
  readonly afterwards: readonly { readonly trackingId: string }[]
  readonly loss: Readonly<Record<string, number>>
}

/** One run of the service: what it was told, and what its exporters sent. */
export interface Run {
  readonly told: Told
  readonly events: readonly ReceivedLog[]
  /** What predictions bring along: deployments and evaluations of flags. */
  readonly beside: readonly ReceivedLog[]
  readonly forwarded: readonly ReceivedLog[]
  readonly forwardedBeside: readonly ReceivedLog[]
  readonly spans: readonly ReceivedSpan[]
  readonly stderr: string
}

/** Runs the service of a host in a mode, and receives what its exporters send. */
export async function runIn(folder: string, name: string, mode: string): Promise<Run> {
  const receiver = await startOtlpReceiver()
  try {
    const { stdout, stderr } = await runService(folder, name, mode, receiver.url)
    const beside = (path: string): readonly ReceivedLog[] => {
      const lines = new Set(receiver.lines(path).map((log) => JSON.stringify(log)))
      return receiver.logs(path).filter((log) => !lines.has(JSON.stringify(log)))
    }
    return {
      told: JSON.parse(stdout) as Told,
      events: receiver.lines('/v1/logs'),
      beside: beside('/v1/logs'),
      forwarded: receiver.lines('/host/v1/logs'),
      forwardedBeside: beside('/host/v1/logs'),
      spans: receiver.spans(),
      stderr,
    }
  } finally {
    await receiver.close()
  }
}

/** Of everything that it predicted. */
export function idsOf({ single, batch, nested, rollout, siblings, afterwards }: Told): readonly string[] {
  return [
    single.trackingId,
    ...batch.trackingIds,
    nested.trackingId,
    nested.value.member.trackingId,
    ...[...rollout, ...siblings, ...afterwards].map(({ trackingId }) => trackingId),
  ]
}

export const eventOf = (events: readonly ReceivedLog[], id: string | undefined): ReceivedLog | undefined =>
  events.find(({ attributes }) => attributes['groundtrace.tracking_id'] === id)

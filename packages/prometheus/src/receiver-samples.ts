import type { MetricName } from './catalogue.ts'
import type { Sample } from './host-registry.ts'

/** What a receiver says of itself; the one of `@groundtrace/register/http` does. */
export interface ReceiverFigures {
  /** Requests answered, by HTTP status. */
  readonly requests: Readonly<Record<number, number>>
  /** Lines, by what became of them. */
  readonly lines: Readonly<Record<string, number>>
  readonly bytesInFlight: number
}

function byLabel(label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }))
}

const READ: Partial<Record<MetricName, (figures: ReceiverFigures) => Sample[]>> = {
  groundtrace_receiver_requests_total: ({ requests }) => byLabel('code', requests),
  groundtrace_receiver_lines_total: ({ lines }) => byLabel('receipt', lines),
  groundtrace_receiver_in_flight_bytes: ({ bytesInFlight }) => [{ labels: {}, value: bytesInFlight }],
}

/** The series of one metric of a receiver; none without a receiver, or for a metric of something else. */
export function receiverSamples(name: MetricName, figures: ReceiverFigures | undefined): Sample[] {
  return figures === undefined ? [] : (READ[name]?.(figures) ?? [])
}

import { logsProtocol } from '../otlp/logs-protocol.ts'
import { feedbackProtocol } from './feedback-protocol.ts'
import { Intake } from './intake.ts'
import type { ReceiverCounts } from './receiver-counts.ts'
import { checkedReceiverOptions, type ReceiverOptions } from './receiver-options.ts'
import type { HttpRequest } from './http-request.ts'

/** What takes lines over HTTP into a register. */
export interface Receiver {
  /**
   * OTLP/HTTP for logs, as a fetch-standard handler: mount it at `/v1/logs`. Takes protobuf and JSON, plain or gzip.
   * Answers when the register holds what the request brought; whatever is answered 200 is there, or named in the partial
   * success. Never rejects.
   */
  readonly logs: (request: HttpRequest) => Promise<Response>
  /**
   * Feedback in JSON: mount it at `/v1/feedback`. Takes one `Feedback` of core, or a list of them. `id` and `time` may be left
   * out; with an `Idempotency-Key` the same request may then be sent again. Answers with a receipt (a list: `{ receipts }`)
   * when the register holds it; one that is not taken is answered 422. Never rejects.
   */
  readonly feedback: (request: HttpRequest) => Promise<Response>
  /** What it was asked and did since it was made. */
  readonly counts: () => ReceiverCounts
}

/**
 * Makes a receiver over a register.
 * @throws GroundtraceError `invalid-argument` for options that make no sense, `invalid-task` for a task declared twice
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const intake = new Intake(checkedReceiverOptions(options))
  const logs = logsProtocol(intake)
  const feedback = feedbackProtocol(intake)
  return {
    logs: async (request) => await intake.take(request, logs),
    feedback: async (request) => await intake.take(request, feedback),
    counts: () => intake.counter.read(intake.inFlight.bytes),
  }
}

import type { LogEvent, Receipt, Register, TaskCatalogue } from '@groundtrace/core'
import { readBatch } from './batch.ts'
import { failureReason, withRetries, type RetryOptions } from './retry.ts'

export interface DeliveryOptions {
  readonly register: Register
  readonly tasks: TaskCatalogue
  /** Counts lines that do not get through. */
  readonly lose: (reason: string, lines: number, error?: unknown) => void
  /** Tells of lines that the register refuses and keeps count of itself. */
  readonly mention: (reason: string, lines: number, error?: unknown) => void
  readonly retry: RetryOptions
}

/** Stores events. What does not get through is counted. */
export function delivery({
  register,
  tasks,
  lose,
  mention,
  retry,
}: DeliveryOptions): (events: readonly LogEvent[]) => Promise<void> {
  async function append<T>(
    lines: readonly T[],
    send: (lines: readonly T[]) => Promise<readonly Receipt[]>,
    onReceipt?: (receipt: Receipt) => void,
  ): Promise<void> {
    if (lines.length === 0) return
    try {
      for (const receipt of await withRetries(async () => await send(lines), retry)) onReceipt?.(receipt)
    } catch (error) {
      lose(failureReason(error), lines.length, error)
    }
  }

  const refused =
    (what: string, take: DeliveryOptions['lose']) =>
    ({ status, reason }: Receipt): void => {
      if (status === 'conflict' || status === 'rejected') take(`${what}-${status}`, 1, reason)
    }

  return async (events) => {
    const batch = readBatch(events, tasks, (reason, error) => lose(reason, 1, error))
    const { predictions, feedback, deployments } = batch
    await append(predictions, async (lines) => await register.appendPredictions(lines), refused('prediction', lose))
    await append(feedback, async (lines) => await register.appendFeedback(lines), refused('feedback', mention))
    await append(deployments, async (lines) => await register.appendLineage(lines), refused('deployment', lose))
  }
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/** How long a signal waits for the stop: orchestrators kill after ten seconds or more, and an exporter may never answer. */
const GRACE_MILLISECONDS = 5000

/** What to do at the end of a process. */
export interface ExitActions {
  /** Sends what is there, and goes on: the end is not ours to time. */
  readonly flush: () => Promise<unknown>
  /** Sends what is there, for the last time. */
  readonly stop: () => Promise<unknown>
  /** Default 5000. */
  readonly graceMilliseconds?: number
}

/**
 * Stops once before the process ends by itself, or on a signal that ends it, which then ends it as if nobody had listened.
 * A signal that the service listens to is the service's: then there is only a flush, and the end comes when the service
 * lets it. `process.exit` ends a process at once: nothing can wait for it.
 */
export function stopAtExit({ flush, stop, graceMilliseconds = GRACE_MILLISECONDS }: ExitActions): void {
  let stopped: Promise<unknown> | undefined
  const stopOnce = (): Promise<unknown> => (stopped ??= settled(stop))
  process.once('beforeExit', () => void stopOnce())
  for (const signal of SIGNALS) {
    // The first to hear it: a listener of the service that hears only once would be gone when it is counted, and whoever
    // ends the process when nobody else listens, as the package signal-exit does, would count us.
    process.prependOnceListener(signal, () => {
      if (process.listenerCount(signal) > 0) void settled(flush)
      else void Promise.race([stopOnce(), after(graceMilliseconds)]).then(() => process.kill(process.pid, signal))
    })
  }
}

/** Resolves when the action is over, however it ends. */
async function settled(action: () => Promise<unknown>): Promise<void> {
  try {
    await action()
  } catch {
    // Whoever flushes counts what it could not send.
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds))
}

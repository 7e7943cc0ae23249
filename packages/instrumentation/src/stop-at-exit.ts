const SIGNALS = ['SIGTERM', 'SIGINT'] as const

/**
 * Stops once before the process ends by itself, or on a signal that ends it. A signal that the service listens to is the
 * service's: then there is only a flush, and the end comes when the service lets it. `process.exit` ends a process at once:
 * nothing can wait for it.
 */
export function stopAtExit({ flush, stop }: { flush: () => Promise<void>; stop: () => Promise<void> }): void {
  let stopped: Promise<void> | undefined
  const stopOnce = (): Promise<void> => (stopped ??= stop())
  process.once('beforeExit', () => void stopOnce())
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      if (process.listenerCount(signal) > 0) void flush()
      else void stopOnce().finally(() => process.kill(process.pid, signal))
    })
  }
}

import type { Register } from '@groundtrace/core'

/** Predictions closed in one go: each go holds a register that writes in this thread. */
const GO = 500

/** Closes horizons once in a while. */
export interface HorizonKeeper {
  /** Resolves when what runs has ended; none follows. */
  stop(): Promise<void>
}

/**
 * Closes every prediction whose horizon has passed, now and then every so many seconds. What fails is told, and tried again
 * at the next time.
 */
export function keepHorizons(register: Register, seconds: number, onError: (error: unknown) => void): HorizonKeeper {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  async function close(): Promise<void> {
    try {
      while (!stopping.signal.aborted && (await register.closeHorizons({ now: Date.now(), limit: GO })) === GO) {
        // Let requests have their turn.
        await new Promise(setImmediate)
      }
    } catch (error) {
      onError(error)
    }
    if (!stopping.signal.aborted) timer = setTimeout(start, seconds * 1000).unref()
  }

  function start(): void {
    running = close()
  }

  start()
  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}

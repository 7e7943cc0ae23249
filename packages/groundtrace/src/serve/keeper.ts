/** Does something once in a while. */
export interface Keeper {
  /** Resolves when what runs has ended; none follows. */
  stop(): Promise<void>
}

/**
 * Does what there is to do, now and then every so many seconds: go by go, so that requests have their turn between two. What
 * fails is told, and tried again at the next time.
 * @param go does some of it. @returns whether there is more
 */
export function keeping(
  seconds: number,
  go: (stopping: AbortSignal) => Promise<boolean>,
  onError: (error: unknown) => void,
): Keeper {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()

  async function all(): Promise<void> {
    try {
      while (!stopping.signal.aborted && (await go(stopping.signal))) {
        await new Promise(setImmediate)
      }
    } catch (error) {
      onError(error)
    }
    if (!stopping.signal.aborted) timer = setTimeout(start, seconds * 1000).unref()
  }

  function start(): void {
    running = all()
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

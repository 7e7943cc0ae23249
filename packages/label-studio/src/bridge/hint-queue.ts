/**
 * What webhooks said of where to look, until somebody does: each project once, so that no flood of events makes it grow
 * beyond the projects there are.
 */
export interface HintQueue {
  /** @returns false for a project that nobody knows */
  hint(serverProject: number): boolean
  /** All projects that were hinted at, by name; they are forgotten. */
  take(): readonly string[]
  /** Resolves at the next hint, or at once when there is one. */
  next(signal: AbortSignal): Promise<void>
}

/** @param nameOf the name of a project by its number on the server */
export function hintQueue(nameOf: (serverProject: number) => string | undefined): HintQueue {
  const hinted = new Set<string>()
  let wake = Promise.withResolvers<void>()
  return {
    hint(project) {
      const name = nameOf(project)
      if (name === undefined) return false
      hinted.add(name)
      wake.resolve()
      return true
    },
    take() {
      const names = [...hinted]
      hinted.clear()
      wake = Promise.withResolvers<void>()
      return names
    },
    async next(signal) {
      if (signal.aborted) return
      const { promise, resolve } = Promise.withResolvers<void>()
      const stop = (): void => resolve()
      signal.addEventListener('abort', stop, { once: true })
      await Promise.race([wake.promise, promise])
      signal.removeEventListener('abort', stop)
    },
  }
}

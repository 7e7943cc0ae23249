/** A running timer; Node's can be made to keep the process alive or not. */
export interface Timer {
  ref?(): unknown
  unref?(): unknown
}

/** The clockwork of a processor. */
export interface Timers {
  setTimeout(run: () => void, milliseconds: number): Timer
  clearTimeout(timer: Timer): void
}

/** Node's own. */
export const NODE_TIMERS: Timers = {
  setTimeout: (run, milliseconds) => setTimeout(run, milliseconds),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
}

import { setImmediate } from 'node:timers/promises'

/** Gives turns of the event loop, one to each who asks: what others wait for is heard in between. */
export function turns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return () => (last = last.then(() => setImmediate()))
}

import process from 'node:process'
import { afterEach, beforeEach } from 'vitest'

/**
 * Fails every test of a file, or of a suite, in which a rejection is not handled.
 * @returns those of the test that runs; Node tells of them a turn of the event loop later
 */
export function unhandledRejections(): readonly unknown[] {
  const unhandled: unknown[] = []
  const onUnhandled = (reason: unknown): void => void unhandled.push(reason)
  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', onUnhandled)
  })
  afterEach(() => {
    process.off('unhandledRejection', onUnhandled)
    if (unhandled.length > 0) throw new Error('A rejection was not handled', { cause: unhandled[0] })
  })
  return unhandled
}

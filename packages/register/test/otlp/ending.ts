import { GroundtraceError } from '@groundtrace/core'
import { Refusal } from '../../src/http/refusal.ts'

/** How reading a body ends: with records, or with one of the two errors that a receiver can answer. Throws any other. */
export function endingOf(read: () => unknown): 'read' | 'refused' {
  try {
    read()
    return 'read'
  } catch (error) {
    if (error instanceof Refusal) return 'refused'
    if (GroundtraceError.isInstance(error) && error.code === 'invalid-event') return 'refused'
    throw error
  }
}

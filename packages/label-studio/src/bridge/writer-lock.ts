import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './sqlite-code.ts'

/** The right to write an outbox, held by one process at a time. */
export interface WriterLock {
  release(): void
}

/**
 * Takes the lock of an outbox: an exclusive transaction on an empty SQLite file beside it, so that the operating system
 * frees it when the process dies, however it dies. The outbox itself stays readable for others.
 * @returns undefined while somebody else holds it
 */
export function takeWriterLock(path: string): WriterLock | undefined {
  const lock = new DatabaseSync(`${path}-writer`)
  try {
    lock.exec('PRAGMA busy_timeout = 0')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (isBusy(error)) return undefined
    throw error
  }
  return { release: () => lock.close() }
}

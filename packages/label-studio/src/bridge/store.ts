import { closeSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { migrate } from './migrate.ts'
import { busyOutbox, outboxFault } from './outbox-fault.ts'
import { takeWriterLock } from './writer-lock.ts'

export interface StoreOptions {
  /** Path of the file, made when it is missing (its folder is not), or `:memory:`. */
  readonly path: string
  /** Opens an existing outbox for reading, beside the process that writes. Default false. */
  readonly readOnly?: boolean
  /** Time of recording, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number
}

/** An open outbox file: prepared statements and transactions, and nothing that knows what is in them. */
export interface Store {
  readonly path: string
  readonly now: () => number
  prepare(sql: string): StatementSync
  /** Runs `work` in a transaction; all of it is stored, on the disk, or nothing. Within another one: as a part of it. */
  write<T>(work: () => T): T
  /** Runs `work` on one snapshot. */
  read<T>(work: () => T): T
  close(): void
}

const IN_MEMORY = ':memory:'

/** How long a reader waits for the writer's checkpoint. */
const BUSY_MS = 2000

/** It names people's answers: a new one is for its owner only. SQLite gives its log the same rights. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch {
    // It is there already, with the rights that its owner gave it; whatever else is wrong SQLite says.
  }
}

function open(path: string, readOnly: boolean, now: () => number): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly })
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA foreign_keys = ON`)
    migrate(database, { path, readOnly, now })
    // What was acknowledged to the server's side is not asked for again: it has to survive the loss of power.
    if (!readOnly) database.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** @throws GroundtraceError `outbox-busy`, `outbox-unavailable`, `outbox-incompatible` */
export function openStore({ path: given, readOnly = false, now = Date.now }: StoreOptions): Store {
  const path = given === IN_MEMORY ? IN_MEMORY : resolve(given)
  let lock: ReturnType<typeof takeWriterLock>
  let database: DatabaseSync
  try {
    if (path !== IN_MEMORY && !readOnly) {
      makePrivate(path)
      lock = takeWriterLock(path)
      if (lock === undefined) throw busyOutbox(path)
    }
    database = open(path, readOnly, now)
  } catch (error) {
    lock?.release()
    throw outboxFault(error, path)
  }
  let inside = false

  function transaction<T>(begin: string, work: () => T): T {
    if (inside) return work()
    try {
      database.exec(begin)
      inside = true
      const result = work()
      database.exec('COMMIT')
      return result
    } catch (error) {
      if (inside) rollBack()
      throw outboxFault(error, path)
    } finally {
      inside = false
    }
  }

  function rollBack(): void {
    try {
      database.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  }

  return {
    path,
    now,
    prepare: (sql) => database.prepare(sql),
    write: (work) => transaction('BEGIN IMMEDIATE', work),
    read: (work) => transaction('BEGIN', work),
    close() {
      if (database.isOpen) database.close()
      lock?.release()
      lock = undefined
    },
  }
}

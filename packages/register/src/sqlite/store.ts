import { closeSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { GroundtraceError, quote } from '@groundtrace/core'
import { told } from '../arguments.ts'
import { expectRegister, migrate } from './migrate.ts'
import { isBusy, storeError, transactionError } from './store-error.ts'

/** What an acknowledged line survives: the death of the process, or the loss of power too (one `fsync` a transaction). */
export const DURABILITIES = ['process', 'power'] as const
export type Durability = (typeof DURABILITIES)[number]

export interface StoreOptions {
  readonly path: string
  readonly readOnly: boolean
  readonly durability: Durability
  readonly busyTimeoutMs: number
  readonly now: () => number
}

/** Why what was read before may no longer hold: another process wrote, or what was written here was undone. */
export type StaleReason = 'changed' | 'rolled-back'

/** An open register file: prepared statements and transactions, and nothing that knows what is in them. */
export interface Store {
  prepare(sql: string): StatementSync
  /** Runs `work` in a transaction that holds the write lock from its start; all of it is stored or nothing. */
  write<T>(work: () => T): T
  /** @throws GroundtraceError `register-unavailable` when it was opened for reading only */
  expectWritable(): void
  /** Runs `work` on one snapshot. */
  read<T>(work: () => T): T
  /** `finish` is called at the end of every writing transaction, within it: to write what was gathered. */
  beforeCommit(finish: () => void): void
  /** `forget` is called when what was read before may no longer hold. */
  onStale(forget: (why: StaleReason) => void): void
  /** Moves the write-ahead log into the file and empties it. @returns what kept it from that; undefined when it is empty */
  checkpoint(): string | undefined
  /** How long a call waits for another process that writes, from now on. */
  waitAtMost(milliseconds: number): void
  readonly now: () => number
  readonly path: string
  close(): void
}

/** The path of a register that is in no file. */
export const IN_MEMORY = ':memory:'

/** A register holds what people wrote: a new one is for its owner only. SQLite gives its log the same rights. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch {
    // It is there already, with the rights that its owner gave it; whatever else is wrong SQLite says.
  }
}

function open(path: string, { readOnly, durability, busyTimeoutMs, now }: StoreOptions): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly })
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
    migrate(database, { path, readOnly, now })
    if (!readOnly) {
      // Erased payloads are overwritten, not only unlinked.
      database.exec('PRAGMA secure_delete = ON')
      database.exec(`PRAGMA synchronous = ${durability === 'power' ? 'FULL' : 'NORMAL'}`)
    }
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Between two attempts to open a file that others are making. */
const OPENING_PAUSE_MS = 5

/**
 * Opens a file, again while others hold it: SQLite waits for them, but not where a new file gets its write-ahead log. So
 * processes that start at once each come to their turn.
 */
function openInTurn(path: string, options: StoreOptions): DatabaseSync {
  const deadline = performance.now() + options.busyTimeoutMs
  for (;;) {
    try {
      return open(path, options)
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPENING_PAUSE_MS)
    }
  }
}

/**
 * Opens or creates a register file.
 * @throws GroundtraceError `register-incompatible`, `register-unavailable`
 */
export function openStore(options: StoreOptions): Store {
  const path = options.path === IN_MEMORY ? IN_MEMORY : resolve(options.path)
  const now = (): number => told(options.now)
  let database: DatabaseSync
  try {
    if (path !== IN_MEMORY) expectRegister(path)
    if (path !== IN_MEMORY && !options.readOnly) makePrivate(path)
    database = openInTurn(path, { ...options, now })
  } catch (error) {
    throw storeError(error, path)
  }
  const finishers: (() => void)[] = []
  const forgetters: ((why: StaleReason) => void)[] = []
  const dataVersion = database.prepare('PRAGMA data_version')
  let seen = dataVersion.get()?.['data_version']
  let inside = false

  function forget(why: StaleReason): void {
    for (const forgetter of forgetters) forgetter(why)
  }

  function transaction<T>(begin: string, work: () => T): T {
    if (inside) {
      throw new GroundtraceError(
        'invalid-argument',
        'The register was called from within a call to it',
        'Count only what the lines say; read before or after',
      )
    }
    try {
      database.exec(begin)
      inside = true
      const version = dataVersion.get()?.['data_version']
      if (version !== seen) forget('changed')
      seen = version
      const result = work()
      database.exec('COMMIT')
      inside = false
      return result
    } catch (error) {
      if (inside) rollBack()
      throw transactionError(error, path)
    }
  }

  function rollBack(): void {
    inside = false
    forget('rolled-back')
    try {
      database.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  }

  function expectWritable(): void {
    if (options.readOnly) {
      throw new GroundtraceError(
        'register-unavailable',
        `The register ${quote(path)} was opened for reading only`,
        'Open it without readOnly to write',
      )
    }
  }

  return {
    expectWritable,
    prepare: (sql) => database.prepare(sql),
    write(work) {
      expectWritable()
      return transaction('BEGIN IMMEDIATE', () => {
        const result = work()
        for (const finish of finishers) finish()
        return result
      })
    },
    read: (work) => transaction('BEGIN', work),
    beforeCommit: (finish) => void finishers.push(finish),
    onStale: (forgetter) => void forgetters.push(forgetter),
    checkpoint() {
      try {
        const row = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()
        return row?.['busy'] === 0 ? undefined : 'another process reads from it'
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
    waitAtMost: (milliseconds) => database.exec(`PRAGMA busy_timeout = ${milliseconds}`),
    now,
    path,
    close: () => database.close(),
  }
}

import type { Task } from '@groundtrace/core'
import { sqliteDriver, type SqliteDriver } from './driver.ts'
import { transactionError } from './store-error.ts'
import { IN_MEMORY, openStore, type Durability } from './store.ts'

/** Options of a register, checked and complete. All but the clock are plain data. */
export interface DriverOptions {
  readonly path: string
  readonly tasks: readonly Task[]
  readonly now: () => number
  readonly durability: Durability
  readonly readOnly: boolean
  readonly busyTimeoutMs: number
  readonly orphanSeconds: number
}

/** Processes that start together take turns at making the file; no prediction waits for that. */
const OPENING_WAIT_MS = 5000

/** @throws GroundtraceError `register-unavailable`, `register-incompatible`, `invalid-task` */
export function openSqliteDriver(options: DriverOptions): SqliteDriver {
  const store = openStore({ ...options, busyTimeoutMs: Math.max(options.busyTimeoutMs, OPENING_WAIT_MS) })
  try {
    const driver = sqliteDriver(store, {
      declared: options.readOnly ? [] : options.tasks,
      orphanSeconds: options.orphanSeconds,
      survivesPowerLoss: options.durability === 'power' && options.path !== IN_MEMORY,
    })
    store.waitAtMost(options.busyTimeoutMs)
    return driver
  } catch (error) {
    store.close()
    // What is damaged beyond its schema is found here: tables are read before the first call.
    throw transactionError(error, store.path)
  }
}

import { defineTask, quote, type Register, type Task } from '@groundtrace/core'
import { clock, invalidArgument, list, told, wholeNumber } from '../arguments.ts'
import { checkedRegister } from '../checked-register.ts'
import { DEFAULT_ORPHAN_SECONDS } from '../orphans.ts'
import { advancing } from './advance.ts'
import { appending } from './append-predictions.ts'
import { openSqliteDriver, type DriverOptions } from './open-driver.ts'
import { DURABILITIES, IN_MEMORY, type Durability } from './store.ts'
import type { StoreDriver } from './store-driver.ts'
import { driverInOwnThread } from './thread/own-thread.ts'

/** Where a register works: in a thread of its own, or in the one that calls it. */
const THREADS = ['own', 'caller'] as const
type Thread = (typeof THREADS)[number]

export interface SqliteRegisterOptions {
  /** Path of the register file, made when it is missing (its folder is not), or `:memory:`. */
  readonly path: string
  /**
   * Tasks to declare. The newest definition of a name is used from then on, but for the horizon: predictions keep the one
   * they were made with. Default none: those the file knows, and those that predictions bring.
   */
  readonly tasks?: readonly Task[]
  /** Time of recording, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number
  /**
   * What an acknowledged line survives. `process` (default): the death of the process. `power`: the loss of power too, at
   * the price of one `fsync` a call.
   */
  readonly durability?: Durability
  /** Opens an existing register for reading beside a process that writes; `tasks` are not declared. Default false. */
  readonly readOnly?: boolean
  /**
   * How long a call waits while another process writes, in milliseconds. Default 2,000; in the caller's thread, which is
   * blocked meanwhile, 20. Opening waits up to 5 seconds.
   */
  readonly busyTimeoutMs?: number
  /**
   * Where the work is done. `own` (default): in a thread beside, so that nothing here holds up the event loop of a service.
   * `caller`: in the thread that calls, for programs in which nobody else waits; it starts about 50 ms sooner.
   */
  readonly thread?: Thread
  /**
   * How long feedback may wait for its prediction, in seconds since it came; `closeHorizons` then drops it and counts it as
   * `orphan-expired` in the loss ledger. Default 90 days.
   */
  readonly orphanSeconds?: number
}

function checkedOptions(options: SqliteRegisterOptions): DriverOptions & { readonly thread: Thread } {
  const {
    path,
    tasks = [],
    now = Date.now,
    durability = 'process',
    readOnly = false,
    thread = 'own',
    busyTimeoutMs = thread === 'own' ? 2000 : 20,
    orphanSeconds = DEFAULT_ORPHAN_SECONDS,
  } = options ?? {}
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw invalidArgument(`path ${quote(path)} is no path`, `Pass the path of a file, or ${IN_MEMORY}`)
  }
  if (readOnly && path === IN_MEMORY) {
    throw invalidArgument('A register in memory has nothing to read', 'Pass a path, or leave out readOnly')
  }
  if (!DURABILITIES.includes(durability)) {
    throw invalidArgument(`durability ${quote(durability)} is unknown`, `Use one of ${DURABILITIES.join(', ')}`)
  }
  if (!THREADS.includes(thread)) {
    throw invalidArgument(`thread ${quote(thread)} is unknown`, `Use one of ${THREADS.join(', ')}`)
  }
  return {
    path,
    thread,
    tasks: list(tasks, 'tasks').map(defineTask),
    now: clock(now),
    durability,
    readOnly,
    busyTimeoutMs: wholeNumber(busyTimeoutMs, 'busyTimeoutMs', 0),
    orphanSeconds: wholeNumber(orphanSeconds, 'orphanSeconds', 1),
  }
}

/**
 * Opens or makes a register in a SQLite file.
 * @throws GroundtraceError `register-unavailable` when the file can't be opened, `register-incompatible` when it is no
 * register or one of a newer version, `invalid-task` when kind or classes of a kept task changed, `invalid-argument`
 */
export function openSqliteRegister(given: SqliteRegisterOptions): Register {
  const { thread, ...options } = checkedOptions(given)
  const store: StoreDriver = thread === 'own' ? driverInOwnThread(options) : openSqliteDriver(options)
  return checkedRegister({
    ...store,
    appendPredictions: appending(store, () => told(options.now)),
    advance: advancing(store),
  })
}

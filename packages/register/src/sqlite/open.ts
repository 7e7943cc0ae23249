import { quote, type Register, type Task } from '@groundtrace/core'
import { invalidArgument, list, wholeNumber } from '../arguments.ts'
import { registerOver } from './register.ts'
import { DURABILITIES, openStore, type Durability } from './store.ts'

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
   * How long a call waits while another process writes, in milliseconds; the thread is blocked meanwhile, so keep it short
   * and call again instead. Default 20. Opening waits up to 5 seconds.
   */
  readonly busyTimeoutMs?: number
  /**
   * How long feedback may wait for its prediction, in seconds since it came; `closeHorizons` then drops it and counts it as
   * `orphan-expired` in the loss ledger. Default 90 days.
   */
  readonly orphanSeconds?: number
}

const IN_MEMORY = ':memory:'

const DEFAULT_ORPHAN_SECONDS = 90 * 24 * 3600

/** Processes that start together take turns at making the file; no prediction waits for that. */
const OPENING_WAIT_MS = 5000

function checkedOptions(options: SqliteRegisterOptions): Required<SqliteRegisterOptions> {
  const {
    path,
    tasks = [],
    now = Date.now,
    durability = 'process',
    readOnly = false,
    busyTimeoutMs = 20,
    orphanSeconds = DEFAULT_ORPHAN_SECONDS,
  } = options ?? {}
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw invalidArgument(`path ${quote(path)} is no path`, `Pass the path of a file, or ${IN_MEMORY}`)
  }
  if (readOnly && path === IN_MEMORY) {
    throw invalidArgument('A register in memory has nothing to read', 'Pass a path, or leave out readOnly')
  }
  if (typeof now !== 'function') throw invalidArgument(`now ${quote(now)} is no clock`, 'Pass a function like Date.now')
  if (!DURABILITIES.includes(durability)) {
    throw invalidArgument(`durability ${quote(durability)} is unknown`, `Use one of ${DURABILITIES.join(', ')}`)
  }
  return {
    path,
    tasks: list(tasks, 'tasks'),
    now,
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
  const options = checkedOptions(given)
  const store = openStore({ ...options, busyTimeoutMs: Math.max(options.busyTimeoutMs, OPENING_WAIT_MS) })
  try {
    const register = registerOver(store, {
      declared: options.readOnly ? [] : options.tasks,
      orphanSeconds: options.orphanSeconds,
      survivesPowerLoss: options.durability === 'power' && options.path !== IN_MEMORY,
    })
    store.waitAtMost(options.busyTimeoutMs)
    return register
  } catch (error) {
    store.close()
    throw error
  }
}

import { quote, type Register, type Task } from '@groundtrace/core'
import { clock, invalidArgument, list, told, wholeNumber } from '../arguments.ts'
import { DEFAULT_ORPHAN_SECONDS } from '../orphans.ts'
import { openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { registerOver } from './register.ts'

export interface PostgresRegisterOptions {
  /** `postgres://user:password@host:port/database`; what the client `pg` takes behind `?` too, such as `sslmode`. */
  readonly url: string
  /** Schema that holds the register, made when it is missing. A database may hold several registers. Default `groundtrace`. */
  readonly schema?: string
  /**
   * Tasks to declare. The newest definition of a name is used from then on, by all replicas, but for the horizon: predictions
   * keep the one they were made with. Default none: those the register knows, and those that predictions bring.
   */
  readonly tasks?: readonly Task[]
  /** Time of recording, in milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number
  /** Connections at most; calls beyond wait for one. Default 10. */
  readonly poolSize?: number
  /** Longest wait for a connection, in milliseconds. Default 5,000. */
  readonly connectionTimeoutMs?: number
  /** Longest that one statement may take, waiting for others included, in milliseconds. Default 30,000. */
  readonly statementTimeoutMs?: number
  /** Opens an existing register for reading, also on a standby server; `tasks` are not declared. Default false. */
  readonly readOnly?: boolean
  /**
   * How long feedback may wait for its prediction, in seconds since it came; `closeHorizons` then drops it and counts it as
   * `orphan-expired` in the loss ledger. Default 90 days.
   */
  readonly orphanSeconds?: number
}

/** A schema is named in statements, quoted: PostgreSQL keeps 63 bytes of a name. */
const SCHEMA = /^[a-z_][a-z0-9_]{0,62}$/
const PROTOCOLS: ReadonlySet<string> = new Set(['postgres:', 'postgresql:'])

/** Never shows the URL: it may hold a password. @throws GroundtraceError `invalid-argument` */
export function checkedUrl(url: unknown): string {
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined
  if (parsed !== undefined && PROTOCOLS.has(parsed.protocol) && parsed.pathname.length > 1) return url as string
  throw invalidArgument('url is no URL of a PostgreSQL database', 'Pass postgres://user:password@host:port/database')
}

function checkedOptions(options: PostgresRegisterOptions): Required<PostgresRegisterOptions> {
  const {
    url,
    schema = 'groundtrace',
    tasks = [],
    now = Date.now,
    poolSize = 10,
    connectionTimeoutMs = 5000,
    statementTimeoutMs = 30_000,
    readOnly = false,
    orphanSeconds = DEFAULT_ORPHAN_SECONDS,
  } = options ?? {}
  if (typeof schema !== 'string' || !SCHEMA.test(schema)) {
    throw invalidArgument(
      `schema ${quote(schema)} is no name of a schema`,
      'Use 1 to 63 lower-case letters, digits and underscores, no digit first',
    )
  }
  const tells = clock(now)
  return {
    url: checkedUrl(url),
    schema,
    tasks: list(tasks, 'tasks'),
    now: () => told(tells),
    poolSize: wholeNumber(poolSize, 'poolSize', 1),
    connectionTimeoutMs: wholeNumber(connectionTimeoutMs, 'connectionTimeoutMs', 1),
    statementTimeoutMs: wholeNumber(statementTimeoutMs, 'statementTimeoutMs', 1),
    readOnly,
    orphanSeconds: wholeNumber(orphanSeconds, 'orphanSeconds', 1),
  }
}

/**
 * Opens or makes a register in a PostgreSQL database, 15 or newer. Any number of processes may write to it at once.
 * Rejects with GroundtraceError: `register-unavailable` when the database can't be reached or refuses, `register-incompatible`
 * when the server is too old or the register is of a newer version, `invalid-task` when kind or classes of a kept task
 * changed, `invalid-argument`
 */
export async function openPostgresRegister(given: PostgresRegisterOptions): Promise<Register> {
  const options = checkedOptions(given)
  const database = openDatabase(options)
  try {
    const survivesPowerLoss = await migrate(database, options)
    return await registerOver(database, {
      declared: options.readOnly ? [] : options.tasks,
      orphanSeconds: options.orphanSeconds,
      survivesPowerLoss,
    })
  } catch (error) {
    await database.close()
    throw error
  }
}

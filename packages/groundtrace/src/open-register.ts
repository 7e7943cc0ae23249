import { GroundtraceError, type Register, type Task } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { WrongUsage } from './wrong-usage.ts'
import type * as PostgresRegisters from '@groundtrace/register/postgres'

export interface OpenRegisterOptions {
  /** Tasks to declare. Default none. */
  readonly tasks?: readonly Task[]
  /** What acknowledged lines of a file survive; a database server has settings of its own. Default `process`. */
  readonly durability?: 'process' | 'power'
  /** Opens an existing register for reading. Default false. */
  readonly readOnly?: boolean
}

const POSTGRES: ReadonlySet<string> = new Set(['postgres', 'postgresql'])

/** `postgres` of `postgres://…`; undefined for what is no URL. */
function schemeOf(where: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//i.exec(where)?.[1]?.toLowerCase()
}

/** Whether a register is named by the path of a SQLite file, not by a URL. */
export function isFile(where: string): boolean {
  return schemeOf(where) === undefined
}

/** The name of a register for messages: a path as it is, a URL without its password and parameters, which may hold one. */
export function registerName(where: string): string {
  if (isFile(where)) return where
  if (!URL.canParse(where)) return `${schemeOf(where)}://…`
  const { protocol, username, host, pathname } = new URL(where)
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`
}

/**
 * What works on registers in PostgreSQL. `pg` is an optional peer: who keeps a register in a file needs none.
 * @param where URL of the database
 * Rejects with GroundtraceError: `register-unavailable` when `pg` is missing, WrongUsage for a URL of something else
 */
export async function postgresRegisters(where: string): Promise<typeof PostgresRegisters> {
  const scheme = schemeOf(where) ?? ''
  if (!POSTGRES.has(scheme)) {
    throw new WrongUsage(
      `A register can't be opened by a URL that begins with ${scheme}://`,
      'Name a SQLite file or postgres://user@host/database',
    )
  }
  try {
    return await import('@groundtrace/register/postgres')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes("'pg'")) throw error
    throw new GroundtraceError(
      'register-unavailable',
      'A register in PostgreSQL needs the package pg, and it is not installed',
      'Install it beside groundtrace: npm install pg',
      { cause: error },
    )
  }
}

/**
 * Opens a register wherever it is.
 * @param where `postgres://…` or `postgresql://…` for a PostgreSQL database, else the path of a SQLite file; both are made
 * when they are missing, the database itself aside
 * Rejects with GroundtraceError: `register-unavailable`, `register-incompatible`, `invalid-task`, `invalid-argument`
 */
export async function openRegister(where: string, options: OpenRegisterOptions = {}): Promise<Register> {
  const { tasks = [], durability = 'process', readOnly = false } = options
  if (isFile(where)) return openSqliteRegister({ path: where, tasks, durability, readOnly })
  const { openPostgresRegister } = await postgresRegisters(where)
  return await openPostgresRegister({ url: where, tasks, readOnly })
}

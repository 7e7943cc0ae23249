import { readFileSync } from 'node:fs'
import { defineTask, GroundtraceError, quote, type Task, type TaskDefinition } from '@groundtrace/core'
import type { CommonOptions } from '../common-options.ts'
import { isFile } from '../open-register.ts'
import type { Environment } from '../surroundings.ts'
import { whereRegister } from '../with-register.ts'

/** What the command line says; texts as they were typed. */
export interface ServeFlags extends CommonOptions {
  readonly host?: string
  readonly port?: string
  readonly tasks?: string
  readonly tokens?: string
  readonly durability?: string
  readonly horizons?: string
  readonly open?: true
}

/** What to serve, and where. */
export interface ServeSettings {
  /** Path of a SQLite file, or URL of a PostgreSQL database; it may hold a password. */
  readonly where: string
  readonly host: string
  readonly port: number
  readonly tasks: readonly Task[]
  readonly tokens: readonly string[]
  readonly durability: 'process' | 'power'
  readonly horizonSeconds: number
}

const DEFAULT_HOST = '127.0.0.1'
/** OTLP/HTTP's own. */
const DEFAULT_PORT = '4318'
const MOST_PORT = 65_535
/** setTimeout's longest, in seconds. */
const MOST_SECONDS = 2_147_483

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

/** Wrong usage: the command exits with 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage'
}

function wholeNumber(text: string, most: number, flag: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number <= most) return number
  throw new WrongUsage(`${flag} ${quote(text)} is not a whole number from 0 to ${most}.`)
}

function contentOf(file: string, what: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new GroundtraceError('invalid-argument', `The ${what} ${file} can't be read`, `Name another with ${flag}`, {
      cause: error,
    })
  }
}

/** Tasks of a JSON file: a list of what `defineTask` takes. @throws GroundtraceError `invalid-argument`, `invalid-task` */
function tasksOf(file: string | undefined): readonly Task[] {
  if (file === undefined) return []
  const content = contentOf(file, 'tasks file', '--tasks')
  let definitions: unknown
  try {
    definitions = JSON.parse(content)
  } catch (error) {
    throw new GroundtraceError('invalid-argument', `The tasks file ${file} is no JSON`, 'Write a list of tasks', {
      cause: error,
    })
  }
  if (Array.isArray(definitions)) return definitions.map((definition) => defineTask(definition as TaskDefinition))
  throw new GroundtraceError('invalid-argument', `The tasks file ${file} holds no list`, 'Write a list of tasks')
}

/** Tokens of a file, one a line, and of the environment, separated by commas. */
function tokensOf(file: string | undefined, environment: Environment): readonly string[] {
  const lines = file === undefined ? [] : contentOf(file, 'tokens file', '--tokens').split('\n')
  const all = [...lines, ...(environment.GROUNDTRACE_TOKENS ?? '').split(',')].map((token) => token.trim())
  const tokens = all.filter((token) => token !== '')
  if (file === undefined || tokens.length > 0) return tokens
  // Whoever names a file wants tokens to be asked for.
  throw new GroundtraceError('invalid-argument', `The tokens file ${file} is empty`, 'Write one token a line')
}

/**
 * What flags and environment ask for; flags first.
 * @throws WrongUsage; GroundtraceError `invalid-argument`, `invalid-task` for files
 */
export function serveSettings(flags: ServeFlags, environment: Environment): ServeSettings {
  const host = flags.host ?? environment.GROUNDTRACE_HOST ?? DEFAULT_HOST
  const where = whereRegister(flags.register, environment)
  const durability = flags.durability ?? 'power'
  if (durability !== 'process' && durability !== 'power') {
    throw new WrongUsage(`--durability ${quote(durability)} is neither process nor power.`)
  }
  if (flags.durability !== undefined && !isFile(where)) {
    throw new WrongUsage('--durability is for a file. PostgreSQL has fsync and synchronous_commit for it.')
  }
  const tokens = tokensOf(flags.tokens ?? environment.GROUNDTRACE_TOKENS_FILE, environment)
  if (tokens.length === 0 && !LOOPBACK.test(host) && flags.open !== true) {
    throw new WrongUsage(
      `Everybody who reaches ${host} could write to the register. Name tokens with --tokens FILE or GROUNDTRACE_TOKENS, or say --open where a proxy asks for them.`,
    )
  }
  return {
    where,
    host,
    port: wholeNumber(flags.port ?? environment.GROUNDTRACE_PORT ?? DEFAULT_PORT, MOST_PORT, '--port'),
    tasks: tasksOf(flags.tasks ?? environment.GROUNDTRACE_TASKS),
    tokens,
    durability,
    horizonSeconds: wholeNumber(flags.horizons ?? '60', MOST_SECONDS, '--horizons'),
  }
}

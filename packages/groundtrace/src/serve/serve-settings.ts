import { isName, quote, type Task } from '@groundtrace/core'
import { AGE_FORM, ageOf } from '../age.ts'
import type { CommonOptions } from '../common-options.ts'
import { isFile } from '../open-register.ts'
import type { Environment } from '../surroundings.ts'
import { whereRegister } from '../with-register.ts'
import { WrongUsage } from '../wrong-usage.ts'
import type { Retention } from './retention-keeper.ts'
import { tasksIn, tokensIn, tokensOf, type SettingsFile } from './settings-file.ts'

/** What the command line says; texts as they were typed. */
export interface ServeFlags extends CommonOptions {
  readonly host?: string
  readonly port?: string
  readonly tasks?: string
  readonly tokens?: string
  readonly durability?: string
  readonly horizons?: string
  readonly keep?: string
  readonly open?: true
  /** Path of a plan. */
  readonly labelStudio?: string
  readonly url?: string
  readonly outbox?: string
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
  /** Default: everything is kept. */
  readonly retention?: Retention
}

const DEFAULT_HOST = '127.0.0.1'
/** OTLP/HTTP's own. */
const DEFAULT_PORT = { text: '4318', by: 'the default' }
const MOST_PORT = 65_535
/** setTimeout's longest, in seconds. */
const MOST_SECONDS = 2_147_483

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/

/** What was asked for, and by what. */
interface Asked {
  readonly text: string
  readonly by: string
}

/** What the flag says, else what the variable does. */
function asked(flag: string, given: string | undefined, variable: string, environment: Environment): Asked | undefined {
  if (given !== undefined) return { text: given, by: flag }
  const text = environment[variable]
  return text === undefined ? undefined : { text, by: variable }
}

function wholeNumber({ text, by }: Asked, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (number <= most) return number
  throw new WrongUsage(`${by} ${quote(text)} is not a whole number from 0 to ${most}`, 'Name one, or leave it out')
}

/** `365d,triage=30d`: an age for all tasks, and for one. @throws WrongUsage */
function retentionIn({ text, by }: Asked): Retention {
  const parts = text.split(',').map((part): readonly [task: string, age: number] => {
    const [, task = '', written = ''] = /^(?:([^=]*)=)?(.*)$/s.exec(part.trim()) ?? []
    const age = ageOf(written)
    if (age !== undefined && age > 0 && (isName(task) || !part.includes('='))) return [task, age]
    throw new WrongUsage(
      `${by} ${quote(part)} is no age to keep predictions for`,
      `Give ${AGE_FORM}, for all tasks or for one, as in 365d,triage=30d`,
    )
  })
  const byTask = new Map(parts)
  if (byTask.size < parts.length) {
    throw new WrongUsage(`${by} ${quote(text)} names the same tasks twice`, 'Give one age for each')
  }
  const others = byTask.get('')
  byTask.delete('')
  return { byTask, ...(others === undefined ? {} : { others }) }
}

const fileOf = (given: Asked | undefined): SettingsFile | undefined =>
  given === undefined ? undefined : { path: given.text, namedBy: given.by }

/**
 * What flags and environment ask for; flags first.
 * @throws WrongUsage; GroundtraceError `invalid-argument`, `invalid-task` for files
 */
export function serveSettings(flags: ServeFlags, environment: Environment): ServeSettings {
  const host = flags.host ?? environment.GROUNDTRACE_HOST ?? DEFAULT_HOST
  const where = whereRegister(flags.register, environment)
  const durability = flags.durability ?? 'power'
  if (durability !== 'process' && durability !== 'power') {
    throw new WrongUsage(`--durability ${quote(durability)} is neither process nor power`, 'Name one of them')
  }
  if (flags.durability !== undefined && !isFile(where)) {
    throw new WrongUsage('--durability is for a file', 'PostgreSQL has fsync and synchronous_commit for it')
  }
  const of = (flag: keyof ServeFlags, given: string | undefined, variable: string) =>
    asked(`--${flag}`, given, variable, environment)
  const tokensFile = fileOf(of('tokens', flags.tokens, 'GROUNDTRACE_TOKENS_FILE'))
  const tasksFile = fileOf(of('tasks', flags.tasks, 'GROUNDTRACE_TASKS'))
  const tokens = [
    ...(tokensFile === undefined ? [] : tokensIn(tokensFile)),
    ...tokensOf('GROUNDTRACE_TOKENS', environment.GROUNDTRACE_TOKENS ?? ''),
  ]
  if (tokens.length === 0 && !LOOPBACK.test(host) && flags.open !== true) {
    throw new WrongUsage(
      `Everybody who reaches ${host} could write to the register`,
      'Name tokens with --tokens FILE or GROUNDTRACE_TOKENS, or say --open where a proxy asks for them',
    )
  }
  const keep = of('keep', flags.keep, 'GROUNDTRACE_KEEP')
  return {
    where,
    host,
    port: wholeNumber(of('port', flags.port, 'GROUNDTRACE_PORT') ?? DEFAULT_PORT, MOST_PORT),
    tasks: tasksFile === undefined ? [] : tasksIn(tasksFile),
    tokens,
    durability,
    horizonSeconds: wholeNumber({ text: flags.horizons ?? '60', by: '--horizons' }, MOST_SECONDS),
    ...(keep === undefined ? {} : { retention: retentionIn(keep) }),
  }
}

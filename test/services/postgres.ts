import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, globSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

const LEAST_MAJOR = 15

const majorOf = (folder: string): number => Number(folder.split('/').at(-2))

/** Where `initdb` and `postgres` are: `POSTGRES_BIN`, or the newest in Debian's place that is new enough. */
const POSTGRES_BIN =
  process.env['POSTGRES_BIN'] ??
  globSync('/usr/lib/postgresql/*/bin')
    .filter((folder) => majorOf(folder) >= LEAST_MAJOR)
    .sort((a, b) => majorOf(b) - majorOf(a))[0]

export const hasPostgres = POSTGRES_BIN !== undefined

/** Settings of a server that nobody will kill: nothing waits for the disk, and no work of its own runs in between. */
export const QUICK = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', autovacuum: 'off' }

/** A PostgreSQL of its own, on a free port of this machine, with its data in a temporary folder. */
export interface Postgres {
  /** Where it listens, for the superuser `postgres`, whom it trusts. */
  readonly url: string
  readonly port: number
  /** Its data folder. */
  readonly folder: string
  /** Kills it as a power cut would: no process of it says good-bye. */
  kill(): Promise<void>
  /** Starts it again on the same data and port, after it was killed. */
  restart(): Promise<void>
  /** Stops it and removes its data. */
  stop(): Promise<void>
}

function idOfPostgres(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}

/** PostgreSQL does not run as root: the user and group it runs as then. */
function owner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  return { uid: idOfPostgres('-u'), gid: idOfPostgres('-g') }
}

/** Waits until it takes connections. @returns how it ended, with its log, when it did that instead */
async function ready(child: ChildProcess): Promise<{ readonly ended?: string }> {
  let log = ''
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly ended?: string }>()
  child.stderr?.on('data', (chunk: Buffer) => {
    log = `${log}${chunk.toString()}`.slice(-10_000)
    if (log.includes('database system is ready to accept connections')) resolve({})
  })
  child.once('error', reject)
  child.once('exit', (code) => resolve({ ended: `PostgreSQL ended with ${code}:\n${log}` }))
  return promise
}

/**
 * Starts a server. Its collation is that of a language, as most servers have, not that of bytes.
 * @param settings of `postgresql.conf`; default {@link QUICK}
 */
export async function startPostgres(settings: Readonly<Record<string, string>> = QUICK): Promise<Postgres> {
  if (POSTGRES_BIN === undefined) {
    throw new Error('There is no PostgreSQL 15 or newer. Install postgresql, or set POSTGRES_BIN to its bin folder.')
  }
  const user = owner()
  const folder = await mkdtemp(join(tmpdir(), 'groundtrace-postgres-'))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const locale = ['--locale-provider=icu', '--icu-locale=en-US', '--locale=C.UTF-8']
  execFileSync(
    join(POSTGRES_BIN, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync', '--no-instructions', ...locale],
    { cwd: folder, ...user, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const port = await freePort()
  const fixed = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: folder }
  const given = Object.entries({ ...fixed, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let child: ChildProcess

  async function start(): Promise<void> {
    await until(async () => {
      child = spawn(join(POSTGRES_BIN ?? '', 'postgres'), ['-D', data, ...given], {
        cwd: folder,
        ...user,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      const { ended } = await ready(child)
      if (ended === undefined) return true
      // After a kill, processes of the old server let go of its memory one by one.
      if (ended.includes('shared memory block') || ended.includes('lock file')) return undefined
      throw new Error(ended)
    }, 'PostgreSQL starts')
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  await start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    folder: data,
    kill: () => end('SIGKILL'),
    restart: start,
    async stop() {
      // A fast shutdown: whoever is connected is cut off.
      await end('SIGINT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

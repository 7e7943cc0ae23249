import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import type { Readable, Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { id } from '../../packages/register/src/testing/fixtures.ts'
import { seeded, type Random } from '../../packages/register/src/testing/random-world.ts'
import { hasPostgres, startPostgres, type Postgres } from '../services/postgres.ts'
import { audit, type Acknowledged, type Audit } from './crash-audit.ts'
import { openCrashed } from './crash-register.ts'
import { atMost, median, type Benchmark, type Case, type Goal } from './report.ts'

const KILLS = { quick: 50, full: 200 }
const SEED = 5
/** Calls that a writer gets acknowledged before it is killed, at most. */
const MOST_CALLS = 12
/** Then it is left alone for so long, at most, in milliseconds: about a call. */
const MOST_PAUSE = 10
/** Every so many kills the server is killed first. */
const SERVER_EVERY = 5
/** Predictions that one writer can not get to. */
const FAR = 1_000_000

const program = fileURLToPath(new URL('crash-writer.ts', import.meta.url))

interface Killed {
  /** Calls that each writer got acknowledged. */
  readonly calls: readonly number[]
  readonly acknowledged: Acknowledged
  /** Runs of keys that were sealed in the file at each kill. Empty for PostgreSQL, which has none. */
  readonly sealed: readonly number[]
}

interface Place {
  readonly driver: 'sqlite' | 'postgres'
  readonly place: string
  readonly server?: Postgres
}

/** A line of a writer: lines that were acknowledged by ID, or predictions by their numbers. */
type Said = { readonly [K in keyof Acknowledged]?: readonly string[] } & {
  readonly from?: number
  readonly count?: number
}

class Writer {
  calls = 0
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting: { readonly until: number; readonly resolve: () => void }[] = []
  readonly #ended: Promise<unknown>

  constructor({ driver, place }: Place, first: number, acknowledged: Acknowledged) {
    this.#child = spawn(process.execPath, ['--conditions=source', program, driver, place, String(first)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface(this.#child.stdout)
    this.#ended = Promise.all([once(this.#child, 'exit'), once(lines, 'close')])
    lines.on('line', (line) => {
      const { predictions = [], feedback = [], from = 0, count = 0 } = JSON.parse(line) as Said
      for (let number = from; number < from + count; number += 1) acknowledged.predictions.add(id(number))
      for (const id of predictions) acknowledged.predictions.add(id)
      for (const id of feedback) acknowledged.feedback.add(id)
      this.calls += 1
      for (const { until, resolve } of this.#waiting) if (until <= this.calls) resolve()
    })
  }

  /** Resolves when so many more calls were acknowledged. */
  async more(calls: number): Promise<void> {
    const until = this.calls + calls
    await new Promise<void>((resolve) => void this.#waiting.push({ until, resolve }))
  }

  /** Kills it, and takes in what it said before. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

/** A look into the file as the killed left it. */
function sealedRuns(path: string): number {
  const file = new DatabaseSync(path, { readOnly: true })
  try {
    return file.prepare('SELECT count(*) AS runs FROM key_runs').get()?.['runs'] as number
  } finally {
    file.close()
  }
}

async function killAgainAndAgain(place: Place, kills: number, random: Random): Promise<Killed> {
  const acknowledged: Acknowledged = { predictions: new Set(), feedback: new Set() }
  const calls: number[] = []
  const sealed: number[] = []
  const anyMoment = async (writer: Writer): Promise<void> => {
    await writer.more(1 + Math.floor(random() * MOST_CALLS))
    await setTimeout(random() * MOST_PAUSE)
  }
  for (let kill = 1; kill <= kills; kill += 1) {
    const writer = new Writer(place, 1 + kill * FAR, acknowledged)
    await anyMoment(writer)
    if (place.server !== undefined && kill % SERVER_EVERY === 0) {
      await place.server.kill()
      await place.server.restart()
      // The same writer goes on when the server is back.
      await anyMoment(writer)
    }
    await writer.kill()
    calls.push(writer.calls)
    if (place.driver === 'sqlite') sealed.push(sealedRuns(place.place))
  }
  return { calls, acknowledged, sealed }
}

async function audited({ driver, place }: Place, acknowledged: Acknowledged): Promise<Audit> {
  const register = await openCrashed(driver, place)
  try {
    return await audit(register, acknowledged)
  } finally {
    await register.close()
  }
}

/**
 * Kills writers in the middle of their work, at least 50 times a driver, and holds what is there afterwards against what
 * they were told is kept. PostgreSQL, with `fsync` on, is killed too.
 */
export const crash: Benchmark = async ({ full, say }) => {
  const kills = full ? KILLS.full : KILLS.quick
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-crash-'))
  const server = hasPostgres ? await startPostgres({}) : undefined
  const places: readonly Place[] = [
    { driver: 'sqlite', place: join(folder, 'register.db') },
    ...(server === undefined ? [] : [{ driver: 'postgres' as const, place: server.url, server }]),
  ]
  const cases: Record<string, Case> = {}
  const goals: Goal[] = []
  if (server === undefined) say('There is no PostgreSQL 15 or newer: it is left out')
  try {
    for (const place of places) {
      const { driver } = place
      say(`${driver}: ${kills} writers to kill`)
      const { calls, acknowledged, sealed } = await killAgainAndAgain(place, kills, seeded(SEED))
      const { lost, doubled } = await audited(place, acknowledged)
      const lines = acknowledged.predictions.size + acknowledged.feedback.size
      cases[`${driver}-writers`] = { median: median(calls), min: Math.min(...calls), unit: 'acknowledged calls a kill' }
      if (sealed.length > 0) {
        cases[`${driver}-sealed`] = {
          median: median(sealed),
          min: Math.min(...sealed),
          unit: 'sealed runs of keys at a kill',
        }
      }
      goals.push(
        atMost(`${driver}-lost`, `lines missing of ${lines} that were acknowledged before ${kills} kills`, lost, 0),
        atMost(`${driver}-doubled`, 'lines that are there twice, and figures that a recount does not give', doubled, 0),
      )
    }
    return { cases, goals }
  } finally {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Ledger, LedgerLines, Register } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgresRegister } from '../../src/postgres.ts'
import { DAY, START, TASKS, wholeLedger } from '../../src/testing/fixtures.ts'
import { startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { byLatestState, contendedWorld } from './contended-world.ts'
import { hasPostgres } from './has-postgres.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 })

const SEED = 7
const LEDGERS = ['predictions', 'feedback', 'outcomes'] as const
const program = fileURLToPath(new URL('replica-program.ts', import.meta.url))

interface Replica {
  /** Resolves after so many calls. */
  calls(count: number): Promise<void>
  readonly child: ChildProcess
  readonly exit: Promise<unknown[]>
}

function startReplica(url: string, schema: string, number: number): Replica {
  const child = spawn(process.execPath, ['--conditions=source', program, url, schema, String(SEED), String(number)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let seen = 0
  const waiting: { readonly until: number; readonly resolve: () => void }[] = []
  createInterface(child.stdout).on('line', () => {
    seen += 1
    for (const { until, resolve } of waiting) if (until <= seen) resolve()
  })
  return {
    child,
    exit: once(child, 'exit'),
    calls: (until) => new Promise((resolve) => void waiting.push({ until, resolve })),
  }
}

/** Reads a ledger along, as it grows. */
class Tail<L extends Ledger> {
  readonly lines: LedgerLines[L][] = []
  readonly #register: Register
  readonly #ledger: L
  #position = 0

  constructor(register: Register, ledger: L) {
    this.#register = register
    this.#ledger = ledger
  }

  async read(): Promise<number> {
    const page = await this.#register.read(this.#ledger, { after: this.#position, limit: 50 })
    this.lines.push(...page.lines)
    this.#position = page.position
    return page.lines.length
  }
}

/** What must be the same whatever the order of arrival. */
async function result(register: Register): Promise<unknown> {
  await register.closeHorizons({ now: START + 100 * DAY })
  while ((await register.advance('latest', 'outcomes', byLatestState, 50)) > 0);
  const world = contendedWorld(SEED)
  const verdicts: unknown[] = []
  for (const { id } of world.predictions) {
    const outcomes = await register.outcomesOf(id)
    // What it rests on is as it was when the verdict last changed.
    const { state, label, ruledOut, correct, authority } = outcomes.at(-1) ?? {}
    verdicts.push({ id, state, label, ruledOut, correct, authority })
    // Numbered without gaps, each replacing the one before, and one horizon line.
    expect(outcomes.map(({ version }) => version)).toEqual(outcomes.map((_, index) => index + 1))
    expect(outcomes.filter(({ phase }) => phase === 'horizon')).toHaveLength(1)
  }
  const { feedback, ...totals } = await register.totals()
  const { stored, held, orphaned, conflict, rejected } = feedback
  const counts = (await register.counts()).filter(({ value }) => value !== 0)
  const everyFeedback = await Promise.all(world.feedback.map(async ({ id }) => (await register.feedback(id))?.status))
  return {
    verdicts,
    totals,
    feedback: { stored, held, orphaned, conflict, rejected },
    counts,
    versions: (await register.versions()).toSorted((a, b) => (a.version < b.version ? -1 : 1)),
    everyFeedback,
  }
}

describe.skipIf(!hasPostgres)('two replicas with eight senders that send everything twice, one killed half-way', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it('leave what one quiet sender leaves, and a reader that tails them misses no line', async () => {
    const { url } = server
    const quiet = await openPostgresRegister({ url, schema: 'quiet', tasks: TASKS })
    const world = contendedWorld(SEED)
    await quiet.appendPredictions(world.predictions)
    await quiet.appendFeedback(world.feedback)
    const expected = await result(quiet)
    await quiet.close()

    const register = await openPostgresRegister({ url, schema: 'busy', tasks: TASKS })
    const tails = LEDGERS.map((ledger) => new Tail(register, ledger))
    const done = new AbortController()
    const tailing = (async () => {
      while (!done.signal.aborted) for (const tail of tails) await tail.read()
    })()

    const replicas = [startReplica(url, 'busy', 1), startReplica(url, 'busy', 2)] as const
    await replicas[1].calls(100)
    replicas[1].child.kill('SIGKILL')
    expect(await replicas[1].exit).toEqual([null, 'SIGKILL'])
    const again = startReplica(url, 'busy', 2)
    expect(await Promise.all([replicas[0].exit, again.exit])).toEqual([
      [0, null],
      [0, null],
    ])
    done.abort()
    await tailing
    expect(await result(register)).toEqual(expected)

    for (const [index, ledger] of LEDGERS.entries()) {
      const tail = tails[index] as Tail<Ledger>
      while ((await tail.read()) > 0);
      // Once each, in the very order in which anybody reads them afterwards.
      expect(tail.lines).toEqual(await wholeLedger(register, ledger, 1000))
    }
    await register.close()
  })
})

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Ledger } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgresRegister } from '../../src/postgres.ts'
import { TASKS, wholeLedger } from '../../src/testing/fixtures.ts'
import { startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { contendedResult } from './contended-result.ts'
import { contendedWorld } from './contended-world.ts'
import { hasPostgres } from './has-postgres.ts'
import { LedgerTail } from './ledger-tail.ts'

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
    const expected = await contendedResult(quiet, world)
    await quiet.close()

    const register = await openPostgresRegister({ url, schema: 'busy', tasks: TASKS })
    const tails = LEDGERS.map((ledger) => new LedgerTail(register, ledger))
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
    expect(await contendedResult(register, world)).toEqual(expected)

    for (const [index, ledger] of LEDGERS.entries()) {
      const tail = tails[index] as LedgerTail<Ledger>
      while ((await tail.read()) > 0);
      // Once each, in the very order in which anybody reads them afterwards.
      expect(tail.lines).toEqual(await wholeLedger(register, ledger, 1000))
    }
    await register.close()
  })
})

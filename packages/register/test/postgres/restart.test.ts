import { EventEmitter, once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { Receipt } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openPostgresRegister } from '../../src/postgres.ts'
import { DAY, id, prediction, rated, START, TASKS, wholeLedger } from '../../src/testing/fixtures.ts'
import { startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { hasPostgres } from './has-postgres.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const KILLS = 4
const BATCH = 5
const FEEDBACK = 1_000_000
/** Pauses of a caller that calls again, in milliseconds. */
const PAUSE = 20
const KEPT: ReadonlySet<string> = new Set(['stored', 'orphaned', 'held', 'duplicate'])

function missing(acknowledged: ReadonlySet<string>, kept: readonly string[]): readonly string[] {
  const there = new Set(kept)
  return [...acknowledged].filter((id) => !there.has(id))
}

describe.skipIf(!hasPostgres)('a server that is killed and started again', () => {
  let server: Postgres
  beforeAll(async () => {
    // As a server is set where nothing may be lost.
    server = await startPostgres({ autovacuum: 'off' })
  })
  afterAll(() => server.stop())

  it('loses and doubles nothing that was acknowledged, and is used again without being opened again', async () => {
    const register = await openPostgresRegister({ url: server.url, tasks: TASKS, poolSize: 4 })
    expect(register.capabilities.survivesPowerLoss).toBe(true)
    const acknowledged = { predictions: new Set<string>(), feedback: new Set<string>() }
    const failures: unknown[] = []
    const refused: Receipt[] = []
    const progress = new EventEmitter()
    const done = new AbortController()

    /** As a processor does: calls again until it is answered. */
    async function insist(kept: Set<string>, call: () => Promise<readonly Receipt[]>): Promise<void> {
      for (;;) {
        try {
          for (const receipt of await call()) {
            if (KEPT.has(receipt.status)) kept.add(receipt.id)
            else refused.push(receipt)
          }
          return
        } catch (error) {
          failures.push(error)
          await setTimeout(PAUSE)
        }
      }
    }

    async function write(writer: number): Promise<void> {
      for (let batch = 0; !done.signal.aborted; batch += 1) {
        const first = 1 + writer * 100_000 + batch * BATCH
        const numbers = Array.from({ length: BATCH }, (_, index) => first + index)
        const said = numbers.map((number) => rated(FEEDBACK + number, number, number % 3 !== 0, { time: START }))
        // Some of it before its prediction.
        await insist(acknowledged.feedback, () => register.appendFeedback(said.slice(0, 2)))
        const lines = numbers.map((number) => prediction(number, { time: START, features: { number } }))
        await insist(acknowledged.predictions, () => register.appendPredictions(lines))
        await insist(acknowledged.feedback, () => register.appendFeedback(said.slice(2)))
        progress.emit('batch')
      }
    }

    const writers = [1, 2, 3].map(write)
    for (let kill = 1; kill <= KILLS; kill += 1) {
      for (let batches = 0; batches < 10; batches += 1) await once(progress, 'batch')
      await server.kill()
      await server.restart()
    }
    done.abort()
    await Promise.all(writers)
    expect(refused).toEqual([])
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'register-unavailable', message: expect.stringMatching(/\. .+\.$/) })
    }

    while ((await register.closeHorizons({ now: START + 9 * DAY, limit: 500 })) > 0);
    const predictions = (await wholeLedger(register, 'predictions', 500)).map((line) => line.id)
    const feedback = (await wholeLedger(register, 'feedback', 500)).map((line) => line.feedback.id)
    const outcomes = await wholeLedger(register, 'outcomes', 500)
    expect(new Set(predictions).size).toBe(predictions.length)
    expect(new Set(feedback).size).toBe(feedback.length)
    expect(missing(acknowledged.predictions, predictions)).toEqual([])
    expect(missing(acknowledged.feedback, feedback)).toEqual([])
    const totals = await register.totals()
    expect(totals).toMatchObject({ predictions: predictions.length, open: 0, feedback: { stored: feedback.length } })
    expect(outcomes.filter(({ outcome }) => outcome.phase === 'horizon')).toHaveLength(predictions.length)
    expect((await register.versions())[0]?.predictions).toBe(predictions.length)
    await register.close()
  })

  it('rejects what is asked for meanwhile, and says what to do', async () => {
    const register = await openPostgresRegister({ url: server.url, schema: 'down', tasks: TASKS })
    await server.kill()
    const failed = { code: 'register-unavailable', message: expect.stringMatching(/schema down.*call again/) }
    await expect(register.appendPredictions([prediction(1)])).rejects.toMatchObject(failed)
    await expect(register.totals()).rejects.toMatchObject(failed)
    await server.restart()
    expect((await register.appendPredictions([prediction(1)])).map(({ status }) => status)).toEqual(['stored'])
    expect((await register.prediction(id(1)))?.id).toBe(id(1))
    await register.close()
  })
})
